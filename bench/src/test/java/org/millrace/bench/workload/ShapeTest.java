package org.millrace.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.millrace.kit.resp.CommandBuffer;

class ShapeTest
{
    private static final Values VALUES = new Values(3, 64);

    @Test
    void shouldDescribeEachShapeOfTheTable()
    {
        assertEquals("100,000 hashes of 10 x (8 + 16) B", Shape.ALL.get(0).describe());
        assertEquals("100,000 sets of 10 integers of 30 bits", Shape.ALL.get(3).describe());
        assertEquals("1 sorted set of 1,000,000 x (13 B + score)", Shape.ALL.get(10).describe());
        assertEquals("1 stream of 1,000,000 entries of 2 x (8 + 16) B", Shape.ALL.get(11).describe());
        assertEquals(12, Shape.ALL.stream().map(Shape::describe).distinct().count());
    }

    @Test
    void shouldCountTheBytesOfTheUser()
    {
        assertEquals(
            List.of(24, 16, 16, 4, 24, 48, 45, 32, 13, 8, 21, 48),
            Shape.ALL.stream().map(Shape::payload).toList());
    }

    @Test
    void shouldFillSmallValuesByOneCommandEach()
    {
        final Shape sets = new Shape(Shape.Kind.SET, 3, 10, 16, 0);
        final CommandBuffer buffer = new CommandBuffer();
        final Workload fill = sets.fill(VALUES);
        fill.append(buffer);
        fill.append(buffer);

        assertEquals(3, sets.fillCommands());
        final String text = text(buffer);
        assertTrue(text.startsWith("*12\r\n$4\r\nSADD\r\n$16\r\nset:000000000000\r\n$16\r\nm:00000000000000\r\n"),
            text);
        assertTrue(text.contains("set:000000000001\r\n$16\r\nm:00000000000010\r\n"), text);
        assertEquals("set:000000000002", sets.keyName(2));
    }

    @Test
    void shouldFillStreamsEntryByEntry()
    {
        final Shape stream = new Shape(Shape.Kind.STREAM, 1, 20, 8, 16);
        final CommandBuffer buffer = new CommandBuffer();
        stream.fill(VALUES).append(buffer);

        assertEquals(20, stream.fillCommands());
        assertTrue(
            text(buffer).startsWith(
                "*7\r\n$4\r\nXADD\r\n$16\r\nlarge-xlog:00000\r\n$13\r\n1000000000000\r\n$8\r\nf:000001\r\n$16\r\n"),
            text(buffer));
    }

    @Test
    void shouldStartAgainWhenAllIsWritten()
    {
        for (final Shape shape : Shape.ALL)
        {
            final Shape small = shape.scaled(0.0001);
            final Workload fill = small.fill(VALUES);
            final String first = commands(fill, (int)small.fillCommands());

            assertEquals(first, commands(fill, (int)small.fillCommands()), shape.describe());
        }
    }

    @Test
    void shouldGiveIntegersOfTheirLengthThatDiffer()
    {
        for (final Shape shape : Shape.ALL)
        {
            if (Shape.Kind.INTEGERS == shape.kind())
            {
                final Set<String> members = new HashSet<>();
                for (int i = 0; i < 10; i++)
                {
                    final CommandBuffer buffer = new CommandBuffer();
                    shape.appendName(buffer, 0, i);
                    final long number = Long.parseLong(text(buffer).split("\r\n")[1]);
                    members.add(Long.toString(number));
                    assertEquals(Integer.BYTES == shape.nameLength() ? 30 : 57, bits(number), 3, shape.describe());
                }

                assertEquals(10, members.size());
            }
        }
    }

    @Test
    void shouldScaleKeysOfSmallValuesAndTheLargeOneItself()
    {
        assertEquals(50_000, Shape.ALL.get(0).scaled(0.5).keyCount());
        assertEquals(10, Shape.ALL.get(0).scaled(0.5).perKey());
        assertEquals(500_000, Shape.ALL.get(6).scaled(0.5).perKey());
        assertEquals(Shape.ALL.get(6), Shape.ALL.get(6).scaled(1));
    }

    @Test
    void shouldDeleteEachKeyOnce()
    {
        final Shape lists = new Shape(Shape.Kind.LIST, 2, 10, 0, 16);
        final String text = commands(lists.deletions(), 2);

        assertEquals(
            "*2\r\n$3\r\nDEL\r\n$16\r\nlist:00000000000\r\n*2\r\n$3\r\nDEL\r\n$16\r\nlist:00000000001\r\n", text);
    }

    @Test
    void shouldWriteTheCommandThatItsTextSays()
    {
        final Shape hash = new Shape(Shape.Kind.HASH, 1, 10, 13, 2);
        final CommandBuffer buffer = new CommandBuffer();
        ShapeWorkload.of("HSET key name value", hash, VALUES, 5).outOf(1).append(buffer);

        assertTrue(
            text(buffer).startsWith(
                "*4\r\n$4\r\nHSET\r\n$16\r\nlarge-hash:00000\r\n$13\r\nf:00000000000\r\n$2\r\n"),
            text(buffer));
    }

    @Test
    void shouldNumberNewElementsUpwards()
    {
        final Shape stream = new Shape(Shape.Kind.STREAM, 1, 20, 8, 16);
        final String text = commands(ShapeWorkload.of("XADD key id f value", stream, VALUES, 5).growing(), 2);

        assertTrue(text.indexOf("1000000000020") > 0 && text.indexOf("1000000000021") > 0, text);
    }

    private static int bits(final long number)
    {
        return Long.SIZE - Long.numberOfLeadingZeros(number);
    }

    private static String commands(final Workload workload, final int count)
    {
        final CommandBuffer buffer = new CommandBuffer();
        for (int i = 0; i < count; i++)
        {
            workload.append(buffer);
        }

        return text(buffer);
    }

    private static String text(final CommandBuffer buffer)
    {
        return new String(buffer.array(), 0, buffer.length(), StandardCharsets.ISO_8859_1);
    }
}
