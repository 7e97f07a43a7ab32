package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.DoubleText;
import org.millrace.engine.memory.Memory;

/**
 * Writes replies in RESP2 or RESP3 into an {@link OutBuffer}. One per thread, pointed at one session's buffer at a
 * time. Counts errors as it writes them.
 */
public final class ReplyWriter
{
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] NULL2 = ascii("$-1\r\n");
    private static final byte[] NULL_ARRAY2 = ascii("*-1\r\n");
    private static final byte[] NULL3 = ascii("_\r\n");
    private static final byte[] ZERO = ascii(":0\r\n");
    private static final byte[] ONE = ascii(":1\r\n");
    private static final byte[] EMPTY = ascii("$0\r\n\r\n");
    private static final byte[] TRUE3 = ascii("#t\r\n");
    private static final byte[] FALSE3 = ascii("#f\r\n");

    /** Bytes in front of a number in RESP2: a length of up to two digits. */
    private static final int NUMBER_HEADER_MAX = 5;

    /** Letters of the format of a verbatim text. */
    private static final int VERBATIM_FORMAT = 3;

    private OutBuffer out;
    private int version = 2;
    private long errors;
    private String lastError;
    private ErrorKind lastKind = ErrorKind.REFUSED;

    /** Point at a buffer; {@code version} is 2 or 3. */
    public void wrap(final OutBuffer out, final int version)
    {
        this.out = out;
        this.version = version;
    }

    public OutBuffer buffer()
    {
        return out;
    }

    public int version()
    {
        return version;
    }

    /** Change the protocol in the middle of a batch (HELLO, RESET). */
    public void version(final int version)
    {
        this.version = version;
    }

    /** Errors written so far; a change during a command tells that it failed. */
    public long errors()
    {
        return errors;
    }

    /** Text of the error written last, without the dash. */
    public String lastError()
    {
        return lastError;
    }

    /** Kind of the error written last. */
    public ErrorKind lastKind()
    {
        return lastKind;
    }

    public void ok()
    {
        out.put(OK);
    }

    /** {@code +text}. */
    public void simple(final String text)
    {
        line('+', text);
    }

    /** {@code -text}: the text begins with its code, such as ERR. Line breaks become spaces. */
    public void error(final String text)
    {
        error(ErrorKind.REFUSED, text);
    }

    public void error(final ErrorReply error)
    {
        error(error.kind(), error.text());
    }

    /** As {@link #error(String)}, for an error that says something of this node. */
    public void error(final ErrorKind kind, final String text)
    {
        errors++;
        lastError = text;
        lastKind = kind;
        final int length = text.length();
        final long at = out.tryClaim(length + 3);
        if (0 == at)
        {
            return;
        }

        Memory.putByte(at, (byte)'-');
        for (int i = 0; i < length; i++)
        {
            final char c = text.charAt(i);
            Memory.putByte(at + 1 + i, (byte)('\r' == c || '\n' == c ? ' ' : c));
        }

        Memory.putByte(at + 1 + length, (byte)'\r');
        Memory.putByte(at + 2 + length, (byte)'\n');
        out.advance(length + 3);
    }

    public void integer(final long value)
    {
        if (0 == value)
        {
            out.put(ZERO);
        }
        else if (1 == value)
        {
            out.put(ONE);
        }
        else
        {
            header(':', value);
        }
    }

    public void bulk(final long address, final int length)
    {
        bulkHeader(length);
        out.put(address, length);
        bulkEnd();
    }

    public void bulk(final byte[] bytes)
    {
        bulkHeader(bytes.length);
        out.put(bytes);
        bulkEnd();
    }

    /** Text whose chars are bytes (ISO 8859-1). */
    public void bulk(final String text)
    {
        bulkHeader(text.length());
        final long at = out.tryClaim(text.length());
        if (0 == at)
        {
            return;
        }

        for (int i = 0, length = text.length(); i < length; i++)
        {
            Memory.putByte(at + i, (byte)text.charAt(i));
        }

        out.advance(text.length());
        bulkEnd();
    }

    /** A number as a bulk string. */
    public void bulkNumber(final long value)
    {
        bulkHeader(Decimal.length(value));
        out.advance(Decimal.format(out.claim(Decimal.LENGTH_MAX), value));
        bulkEnd();
    }

    /** Begin a bulk string whose bytes the caller puts into {@link #buffer()}; end it with {@link #bulkEnd}. */
    public void bulkHeader(final long length)
    {
        header('$', length);
    }

    public void bulkEnd()
    {
        out.put(CRLF);
    }

    public void emptyBulk()
    {
        out.put(EMPTY);
    }

    /** The null of a bulk string in RESP2, the one null of RESP3. */
    public void nullBulk()
    {
        out.put(3 == version ? NULL3 : NULL2);
    }

    /** The null of an array in RESP2, the one null of RESP3. */
    public void nullArray()
    {
        out.put(3 == version ? NULL3 : NULL_ARRAY2);
    }

    public void array(final long length)
    {
        header('*', length);
    }

    /** Begin an array, or a map, whose length is known when all of it has been written. @return a mark for its end. */
    public int beginCounted()
    {
        return out.length();
    }

    /** End an array that was begun so, and to which so many elements were written. */
    public void endCountedArray(final int mark, final long length)
    {
        insertHeader(mark, '*', length);
    }

    /** End a map that was begun so, and to which so many pairs were written. */
    public void endCountedMap(final int mark, final long pairs)
    {
        if (3 == version)
        {
            insertHeader(mark, '%', pairs);
        }
        else
        {
            insertHeader(mark, '*', 2 * pairs);
        }
    }

    /** A bulk string before what was written since a mark. */
    public void insertBulk(final int mark, final long source, final int sourceLength)
    {
        final int behind = out.length() - mark;
        bulk(source, sourceLength);
        final int length = out.length() - mark - behind;
        out.claim(length);
        if (out.isOverflown())
        {
            return;
        }

        final long at = out.address() + mark;
        Memory.copy(at, at + length, behind + length);
        Memory.copy(at + behind + length, at, length);
    }

    private void insertHeader(final int mark, final char type, final long number)
    {
        final int behind = out.length() - mark;
        final int length = Decimal.length(number) + 3;
        out.claim(length);
        if (out.isOverflown())
        {
            // What was to come behind the header is not there any more.
            return;
        }

        Memory.copy(out.address() + mark, out.address() + mark + length, behind);
        out.advance(length);
        putHeader(out.address() + mark, type, number);
    }

    /** A map of {@code pairs}; an array of twice as many in RESP2. */
    public void map(final long pairs)
    {
        if (3 == version)
        {
            header('%', pairs);
        }
        else
        {
            header('*', 2 * pairs);
        }
    }

    /** A set; an array in RESP2. */
    public void set(final long length)
    {
        header(3 == version ? '~' : '*', length);
    }

    /** A push message; an array in RESP2. */
    public void push(final long length)
    {
        header(3 == version ? '>' : '*', length);
    }

    /** What is said about the reply that follows; RESP3 only. */
    public void attribute(final long pairs)
    {
        header('|', pairs);
    }

    /** An integer of any length given as its digits; a bulk string in RESP2. */
    public void bigNumber(final String digits)
    {
        if (3 == version)
        {
            line('(', digits);
        }
        else
        {
            bulk(digits);
        }
    }

    /** A boolean; 1 or 0 in RESP2. */
    public void bool(final boolean value)
    {
        if (3 == version)
        {
            out.put(value ? TRUE3 : FALSE3);
        }
        else
        {
            out.put(value ? ONE : ZERO);
        }
    }

    /** A double given as its text; a bulk string in RESP2. */
    public void doubleText(final String text)
    {
        if (3 == version)
        {
            line(',', text);
        }
        else
        {
            bulk(text);
        }
    }

    /** A double as Redis writes it; in RESP2 as a bulk string. */
    public void number(final double value)
    {
        final long at = out.claim(NUMBER_HEADER_MAX + DoubleText.LENGTH_MAX + CRLF.length);
        final int headerMax = 3 == version ? 1 : NUMBER_HEADER_MAX;
        final int length = DoubleText.format(at + headerMax, value);
        if (3 == version)
        {
            Memory.putByte(at, (byte)',');
            out.advance(1 + length);
        }
        else
        {
            Memory.putByte(at, (byte)'$');
            final int digits = Decimal.format(at + 1, length);
            Memory.putByte(at + 1 + digits, (byte)'\r');
            Memory.putByte(at + 2 + digits, (byte)'\n');
            // A length of one digit makes the header a byte shorter than the room left for it.
            Memory.copy(at + headerMax, at + 3 + digits, length);
            out.advance(3 + digits + length);
        }

        out.put(CRLF);
    }

    /** A double given as the bytes of its text; a bulk string in RESP2. */
    public void doubleText(final long address, final int length)
    {
        if (3 == version)
        {
            out.putByte(',');
            out.put(address, length);
            out.put(CRLF);
        }
        else
        {
            bulk(address, length);
        }
    }

    /** Plain text for people, whose chars are bytes; a bulk string in RESP2. */
    public void verbatim(final String text)
    {
        verbatim("txt", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Text in a format; a bulk string in RESP2. @param format three letters: what is more is cut off, what lacks is a space. */
    public void verbatim(final String format, final byte[] text)
    {
        if (3 != version)
        {
            bulk(text);
            return;
        }

        header('=', text.length + VERBATIM_FORMAT + 1L);
        for (int i = 0; i < VERBATIM_FORMAT; i++)
        {
            out.putByte(i < format.length() ? format.charAt(i) : ' ');
        }

        out.putByte(':');
        out.put(text);
        out.put(CRLF);
    }

    private void line(final char type, final String text)
    {
        final int length = text.length();
        final long at = out.tryClaim(length + 3);
        if (0 == at)
        {
            return;
        }

        Memory.putByte(at, (byte)type);
        for (int i = 0; i < length; i++)
        {
            Memory.putByte(at + 1 + i, (byte)text.charAt(i));
        }

        Memory.putByte(at + 1 + length, (byte)'\r');
        Memory.putByte(at + 2 + length, (byte)'\n');
        out.advance(length + 3);
    }

    private void header(final char type, final long number)
    {
        out.advance(putHeader(out.claim(Decimal.LENGTH_MAX + 3), type, number));
    }

    private static int putHeader(final long at, final char type, final long number)
    {
        Memory.putByte(at, (byte)type);
        final int digits = Decimal.format(at + 1, number);
        Memory.putByte(at + 1 + digits, (byte)'\r');
        Memory.putByte(at + 2 + digits, (byte)'\n');
        return digits + 3;
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
