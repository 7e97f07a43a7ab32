package org.millrace.jmh.alternatives;

import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The length lines of bulk strings are read, one after another; an operation is one line.
 * <p>
 * Question: how best to read a number that nearly always has one or two digits, but not always? The end of the line has
 * to be found in any case.
 */
@State(Scope.Thread)
public class LengthLineBenchmark extends EngineBenchmark
{
    private static final int LINES = 96;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long RETURNS = '\r' * LOW_BITS;
    private static final long ZEROS = '0' * LOW_BITS;

    /** The lengths of a command, again and again: its name, its key, its value. */
    @Param({"3,16,64", "3,16,1024", "3,16,7", "3,5,100000"})
    public String lengths;

    private long address;
    private int length;
    private long expected;

    @Setup
    public void prepare()
    {
        final String[] numbers = lengths.split(",");
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++)
        {
            text.append('$').append(numbers[i % numbers.length]).append("\r\n");
            expected += Integer.parseInt(numbers[i % numbers.length]);
        }

        final byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        length = bytes.length;
        // Eight bytes may be read at the last line, too.
        address = Memory.reserve(length + Long.BYTES);
        Memory.copy(bytes, 0, address, length);
    }

    /** Digit by digit up to the end of the line. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public long digits()
    {
        long sum = 0;
        long at = address;
        for (final long end = address + length; at < end; at += 2)
        {
            long number = 0;
            at++;
            for (int next = Memory.getByte(at); '\r' != next; next = Memory.getByte(at))
            {
                number = number * 10 + next - '0';
                at++;
            }

            sum += number;
        }

        return check(sum);
    }

    /** The end of the line is looked for, then the digits are read. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public long endThenDigits()
    {
        long sum = 0;
        long at = address;
        for (final long end = address + length; at < end; at += 2)
        {
            final long first = at + 1;
            while ('\r' != Memory.getByte(at))
            {
                at++;
            }

            sum += number(first, at);
        }

        return check(sum);
    }

    /** The winner: one and two digits in full, else the end of the line is looked for. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public long oneOrTwoInFull()
    {
        long sum = 0;
        long at = address;
        for (final long end = address + length; at < end;)
        {
            final int digit = Memory.getByte(at + 1) - '0';
            if ('\r' == Memory.getByte(at + 2))
            {
                sum += digit;
                at += 4;
                continue;
            }

            if ('\r' == Memory.getByte(at + 3))
            {
                sum += digit * 10 + Memory.getByte(at + 2) - '0';
                at += 5;
                continue;
            }

            final long first = at + 1;
            while ('\r' != Memory.getByte(at))
            {
                at++;
            }

            sum += number(first, at);
            at += 2;
        }

        return check(sum);
    }

    /** Eight bytes at once: the end of the line by plain arithmetic, the number by three multiplications. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public long word()
    {
        long sum = 0;
        long at = address;
        for (final long end = address + length; at < end;)
        {
            final long word = Memory.getLong(at + 1);
            final long difference = word ^ RETURNS;
            final int digits = Long.numberOfTrailingZeros(difference - LOW_BITS & ~difference & HIGH_BITS) >>> 3;
            // The digits move to the upper end, zeros before them.
            final long number = (word ^ ZEROS) << 64 - 8 * digits;
            final long pairs = number * 10 + (number >>> 8) & 0x00FF_00FF_00FF_00FFL;
            final long fours = pairs * 100 + (pairs >>> 16) & 0x0000_FFFF_0000_FFFFL;
            sum += fours * 10_000 + (fours >>> 32) & 0xFFFF_FFFFL;
            at += 3 + digits;
        }

        return check(sum);
    }

    @TearDown
    public void release()
    {
        Memory.release(address);
    }

    private static long number(final long first, final long end)
    {
        long number = 0;
        for (long at = first; at < end; at++)
        {
            number = number * 10 + Memory.getByte(at) - '0';
        }

        return number;
    }

    private long check(final long sum)
    {
        if (sum != expected)
        {
            throw new IllegalStateException("sum of lengths: found=" + sum + ", expected=" + expected);
        }

        return sum;
    }
}
