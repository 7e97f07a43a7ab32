package org.millrace.kit.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

class ReplyScannerTest
{
    @Test
    void shouldCountTheSameRepliesWhereverTheBytesAreSplit()
    {
        final String text = "+OK\r\n$3\r\n+\r\n\r\n:5\r\n$-1\r\n*2\r\n*2\r\n+a\r\n$1\r\nb\r\n-ERR x\r\n*0\r\n*-1\r\n$0\r\n\r\n";
        for (int split = 0; split <= text.length(); split++)
        {
            final ReplyScanner scanner = new ReplyScanner();

            final int count = scan(scanner, text.substring(0, split)) + scan(scanner, text.substring(split));

            assertEquals(8, count, "split at " + split);
            assertEquals(1, scanner.errorCount(), "split at " + split);
        }
    }

    @Test
    void shouldCountRandomReplies()
    {
        for (long seed = 0; seed < 200; seed++)
        {
            final Random random = new Random(seed);
            final StringBuilder text = new StringBuilder();
            final int expected = 1 + random.nextInt(20);
            for (int i = 0; i < expected; i++)
            {
                appendRandom(text, random, 0);
            }

            final ReplyScanner scanner = new ReplyScanner();
            int count = 0;
            for (int from = 0; from < text.length();)
            {
                final int to = Math.min(text.length(), from + 1 + random.nextInt(9));
                count += scan(scanner, text.substring(from, to));
                from = to;
            }

            assertEquals(expected, count, "seed=" + seed);
        }
    }

    @Test
    void shouldRefuseWhatIsNoReply()
    {
        assertThrows(IllegalStateException.class, () -> scan(new ReplyScanner(), "hello\r\n"));
        assertThrows(IllegalStateException.class, () -> scan(new ReplyScanner(), "$1x\r\n"));
    }

    private static void appendRandom(final StringBuilder text, final Random random, final int depth)
    {
        switch (random.nextInt(depth < 4 ? 6 : 5))
        {
            case 0 -> text.append("+OK\r\n");
            case 1 -> text.append("-ERR\r\n");
            case 2 -> text.append(":").append(random.nextLong()).append("\r\n");
            case 3 -> text.append("$-1\r\n");
            case 4 -> {
                final int length = random.nextInt(30);
                text.append('$').append(length).append("\r\n").append("\r".repeat(length)).append("\r\n");
            }
            default -> {
                final int length = random.nextInt(4);
                text.append('*').append(length).append("\r\n");
                for (int i = 0; i < length; i++)
                {
                    appendRandom(text, random, depth + 1);
                }
            }
        }
    }

    private static int scan(final ReplyScanner scanner, final String text)
    {
        return scanner.scan(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
