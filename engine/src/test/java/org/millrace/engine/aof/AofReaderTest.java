package org.millrace.engine.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.Mutations;
import org.millrace.engine.resp.ArgVector;

class AofReaderTest
{
    private final AofReader reader = new AofReader();
    private final ArgVector args = new ArgVector();
    private final List<String> commands = new ArrayList<>();

    /** Reads what stands there. @return the last result. */
    private int read(final String text, final boolean isToEnd)
    {
        return read(text.getBytes(ISO_8859_1), isToEnd);
    }

    private int read(final byte[] bytes, final boolean isToEnd)
    {
        commands.clear();
        final long block = Memory.reserve(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, block, bytes.length);
        long at = block;
        int found = reader.read(at, block + bytes.length, isToEnd, args);
        while (AofReader.COMMAND == found || AofReader.NOTE == found)
        {
            if (AofReader.COMMAND == found)
            {
                final List<String> words = new ArrayList<>();
                for (int i = 0; i < args.count(); i++)
                {
                    words.add(args.text(i));
                }

                commands.add(String.join(" ", words));
            }

            assertTrue(reader.consumed() > 0);
            at += reader.consumed();
            found = reader.read(at, block + bytes.length, isToEnd, args);
        }

        Memory.release(block);
        return found;
    }

    @Test
    void shouldReadCommandsAndNotes()
    {
        assertEquals(
            AofReader.SHORT,
            read("#TS:1700000000\r\n*1\r\n$4\r\nPING\r\n#\n*2\r\n$3\r\nDEL\r\n$0\r\n\r\n#TS:17", true));
        assertEquals(List.of("PING", "DEL "), commands);
    }

    @Test
    void shouldBeAsLenientAsRedis()
    {
        assertEquals(AofReader.SHORT, read("*2 arguments\n$3xx\nDELab$01\nkcd", false));
        assertEquals(List.of("DEL k"), commands);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*1", "*1\r", "*1\r\n", "*1\r\n$", "*1\r\n$4\r\nPIN", "*1\r\n$4\r\nPING", "#TS"})
    void shouldWantMore(final String text)
    {
        assertEquals(AofReader.SHORT, read(text, false));
        assertTrue(reader.needed() > text.length(), text);
        assertEquals(List.of(), commands);
    }

    @Test
    void shouldSayHowMuchIsMissing()
    {
        read("*2\r\n$3\r\nSET\r\n$1000000\r\nabc", false);
        assertEquals(13 + 10 + 1_000_002, reader.needed());
    }

    @ParameterizedTest
    @CsvSource({
        "SET a b, 0", "*0;, 0", "*-1;, 0", "*x;, 0", "*1;PING;, 4", "*1;$-1;, 4", "*1;$x;, 4",
        "*99999999999999999999;, 0", "*1;$99999999999;, 4", "*1;$4;PING;*1;*, 18"})
    void shouldSayWhereItIsWrong(final String text, final int at)
    {
        final byte[] bytes = text.replace(";", "\r\n").getBytes(ISO_8859_1);
        assertEquals(AofReader.BAD, read(bytes, true));
        assertEquals(at, reader.errorAt() + (commands.isEmpty() ? 0 : 14), reader.error());
    }

    @Test
    void shouldTakeNoLineWithoutEnd()
    {
        assertEquals(AofReader.SHORT, read("*" + "1".repeat(100), false));
        assertEquals(AofReader.BAD, read("*" + "1".repeat(1000), false));
    }

    @Test
    void shouldEndOnWhateverBytes()
    {
        final long seed = 20_301;
        final Mutations mutations = new Mutations(seed);
        final byte[] good = "#TS:17\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nvv\r\n*1\r\n$4\r\nPING\r\n"
            .getBytes(ISO_8859_1);
        for (int i = 0, rounds = Mutations.rounds(2000); i < rounds; i++)
        {
            final byte[] bytes = 0 == i % 4 ? mutations.arbitrary(100) : mutations.damaged(good);
            final int found = read(bytes, true);
            assertTrue(AofReader.SHORT == found || AofReader.BAD == found, "seed " + seed + ", round " + i);
        }
    }
}
