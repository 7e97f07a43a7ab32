package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Mutations;

/**
 * Payloads of streams that somebody has damaged and given the right checksum: refused, and nothing has changed; or what
 * they make serves every command and goes out again.
 */
class StreamPayloadFuzzTest extends CommandsTest
{
    private static final int TRAILER = 10;

    private static final String[] LINES = {
        "XINFO STREAM s FULL COUNT 0", "XINFO STREAM s", "XINFO GROUPS s", "XINFO CONSUMERS s g", "XRANGE s - +",
        "XREVRANGE s + -", "XREADGROUP GROUP g c STREAMS s >", "XREADGROUP GROUP g c STREAMS s 0",
        "XPENDING s g - + 100",
        "XPENDING s g", "XAUTOCLAIM s g d 0 0", "XDEL s 5-2", "XADD s * a b", "XTRIM s MAXLEN 3", "XTRIM s MINID 7",
        "XADD s MAXLEN ~ 1 * a b", "XGROUP DELCONSUMER s g c", "XACK s g 5-1 5-2", "XGROUP DESTROY s g",
        "COPY s t REPLACE",
        "DEL s"};

    @Test
    void shouldRefuseWhatIsDamagedOrServeIt()
    {
        final Mutations mutations = new Mutations(0x57EA);
        harness.settings.thresholds.streamNodeEntries = 3;
        for (int i = 1; i < 8; i++)
        {
            harness.line("XADD good 5-" + i + " field value" + i + (4 == i ? " more 70000" : ""));
        }

        for (final String line : new String[]{
            "XDEL good 5-3", "XGROUP CREATE good g 0", "XGROUP CREATE good other 5-2",
            "XREADGROUP GROUP g c COUNT 4 STREAMS good >", "XREADGROUP GROUP g d STREAMS good >"})
        {
            harness.line(line);
        }

        final byte[] good = payload(harness.run("DUMP", "good"));
        int served = 0;
        final int rounds = Mutations.rounds(4000);
        for (int round = 0; round < rounds; round++)
        {
            final byte[] damaged = 0 == round
                ? good
                : sealed(mutations.damaged(Arrays.copyOf(good, good.length - TRAILER)));
            if (CommandsTest.OK.equals(text(harness.run(bytes("RESTORE"), bytes("s"), bytes("0"), damaged))))
            {
                served++;
                serve("round " + round);
            }
            else
            {
                assertEquals("+none\r\n", harness.line("TYPE s"), "round " + round);
            }
        }

        assertTrue(served > rounds / 100, "served " + served);
        assertTrue(served < rounds / 2, "served " + served);
    }

    private void serve(final String message)
    {
        for (final String line : LINES)
        {
            assertTrue(harness.line(line).length() > 2, message);
            if (harness.line("TYPE s").startsWith("+stream"))
            {
                final byte[] again = payload(harness.run("DUMP", "s"));
                assertEquals(CommandsTest.OK, text(harness.run(bytes("RESTORE"), bytes("again"), bytes("0"), again,
                    bytes("REPLACE"))), message + " " + line);
            }
        }
    }

    /** With version and checksum behind it. */
    private static byte[] sealed(final byte[] body)
    {
        final byte[] sealed = Arrays.copyOf(body, body.length + TRAILER);
        sealed[body.length] = 9;
        final long checksum = Crc64.update(0, sealed, 0, body.length + 2);
        for (int i = 0; i < Long.BYTES; i++)
        {
            sealed[body.length + 2 + i] = (byte)(checksum >>> 8 * i);
        }

        return sealed;
    }

    private static byte[] payload(final String bulk)
    {
        return bytes(bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
