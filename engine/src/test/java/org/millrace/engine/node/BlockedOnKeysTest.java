package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * Commands that run again when one of their keys is fed, by one of the test's own: {@code WANT key ... text ms} answers
 * the first of its keys whose string is as long as the text, and waits else. {@code LATER} waits for the text that its
 * first run puts in the place of its own. 0 ms is for ever.
 */
class BlockedOnKeysTest
{
    private static final long NS_PER_MS = 1_000_000;
    private static final String NULL_ARRAY = "*-1\r\n";

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 7001, new SimNode.Disk(), 1);
    private final SimPeer feeder = new SimPeer(node);
    private int runs;

    BlockedOnKeysTest()
    {
        final int flags = CommandFlags.WRITE | CommandFlags.DENYOOM | CommandFlags.BLOCKING;
        node.node.parts().executor().table().add("want", -4, flags, Category.NONE, (context) -> want(context, false));
        node.node.parts().executor().table().add("later", -4, flags, Category.NONE, (context) -> want(context, true));
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    private void want(final CommandContext context, final boolean isLater)
    {
        runs++;
        final int last = context.argCount() - 1;
        for (int i = 1; i < last - 1; i++)
        {
            final long entry = context.lookupRead(i);
            if (Entry.NO_ENTRY != entry && StringValue.length(entry) == context.argLength(last - 1))
            {
                context.reply().bulk(context.argAddress(i), context.argLength(i));
                return;
            }
        }

        context.readLong(last);
        final long deadlineNs = 0 == context.longValue()
            ? Long.MAX_VALUE
            : context.nowNs() + context.longValue() * NS_PER_MS;
        if (context.isNested())
        {
            context.reply().nullArray();
        }
        else if (isLater)
        {
            context.blockOnKeys(longer(context), 1, last - 2, KeyInterest.ofType(0), deadlineNs);
        }
        else
        {
            context.blockOnKeys(1, last - 2, KeyInterest.ofType(0), deadlineNs);
        }
    }

    /** The same with another text of two letters, which does not outlive the call. */
    private static ArgVector longer(final CommandContext context)
    {
        final ArgVector args = new ArgVector();
        Memory.putShort(context.scratch(), (short)0x6161);
        for (int i = 0; i < context.argCount(); i++)
        {
            final boolean isText = i == context.argCount() - 2;
            args.add(isText ? context.scratch() : context.argAddress(i), isText ? 2 : context.argLength(i));
        }

        return args;
    }

    private SimPeer blocked(final String line)
    {
        final SimPeer client = new SimPeer(node);
        client.tell(line);
        SimPeer.rest(node);
        assertEquals("", client.received(), line);
        return client;
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private void pass(final long ms)
    {
        clock.advanceMs(ms);
        SimPeer.rest(node);
    }

    private void assertNobodyWaits()
    {
        final String info = feeder.ask("INFO clients");
        assertTrue(info.contains("blocked_clients:0\r\n"), info);
        assertTrue(info.contains("total_blocking_keys:0\r\n"), info);
        assertEquals(0, node.node.parts().keyInterest().size());
    }

    /** All its keys are looked at again, whichever was fed. */
    @Test
    void shouldRunAgainAsIfItCameNow()
    {
        final SimPeer client = blocked("WANT a b c xx 0");
        feeder.ask("SET a 1");
        assertEquals("", client.received());
        feeder.ask("MULTI");
        feeder.ask("SET c 12");
        feeder.ask("SET b 12");
        feeder.ask("EXEC");
        assertEquals(bulk("b"), client.received());
        assertNobodyWaits();
    }

    /** Who runs in vain waits on behind those who wait already, until the deadline it began with. */
    @Test
    void shouldWaitOnAtTheEndOfTheQueue()
    {
        final SimPeer first = blocked("WANT k xxx 1000");
        final SimPeer second = blocked("WANT k xx 0");
        pass(600);
        runs = 0;
        feeder.ask("SET k 1");
        assertEquals(2, runs);
        feeder.ask("SET k 12");
        assertEquals(bulk("k"), second.received());
        assertEquals("", first.received());
        pass(390);
        assertEquals("", first.received());
        pass(11);
        assertEquals(NULL_ARRAY, first.received());
        assertNobodyWaits();
    }

    @Test
    void shouldRunAgainWithOtherArguments()
    {
        final SimPeer client = blocked("LATER k x 0");
        feeder.ask("SET k 1");
        assertEquals("", client.received());
        feeder.ask("SET k 12");
        assertEquals(bulk("k"), client.received());
        assertNobodyWaits();
    }

    /** What the gate refuses now it refuses, though it let it wait. */
    @Test
    void shouldBeRefusedWhenItRunsAgain()
    {
        feeder.ask("SET other 12");
        final SimPeer client = blocked("WANT k xx 0");
        feeder.ask("CONFIG SET maxmemory 1");
        feeder.ask("RENAME other k");
        assertEquals("-OOM command not allowed when used memory > 'maxmemory'.\r\n", client.received());
        assertTrue(feeder.ask("INFO commandstats").matches(
            "(?s).*cmdstat_want:calls=0,[^\r]*,rejected_calls=1,failed_calls=0\r.*"));
        assertNobodyWaits();
    }

    /** However often it runs: it is one call, which takes as long as the run that answered, and is slow then or not. */
    @Test
    void shouldBeCountedOnceAndWhenItHasAnswered()
    {
        feeder.ask("CONFIG SET slowlog-log-slower-than 0");
        feeder.ask("SLOWLOG RESET");
        final SimPeer client = blocked("WANT k xx 0");
        feeder.ask("SET k 1");
        assertFalse(feeder.ask("INFO commandstats").contains("cmdstat_want:calls=1"));
        assertFalse(feeder.ask("SLOWLOG GET").contains("WANT"));
        feeder.ask("SET k 12");
        assertEquals(bulk("k"), client.received());
        assertTrue(feeder.ask("INFO commandstats").contains("cmdstat_want:calls=1,"));
        assertTrue(feeder.ask("SLOWLOG GET").contains("WANT\r\n$1\r\nk\r\n$2\r\nxx\r\n"));
        blocked("WANT k xxx 10");
        pass(11);
        assertTrue(feeder.ask("INFO commandstats").contains("cmdstat_want:calls=2,"));
        assertNobodyWaits();
    }

    /** A key that only this client waits for is let go of and waited for anew while it is being served. */
    @Test
    void shouldWaitForTheSameKeyAgainAndAgain()
    {
        final SimPeer client = blocked("WANT k k m k xxxx 0");
        for (int i = 0; i < 20; i++)
        {
            feeder.ask("SET k " + i % 2);
            feeder.ask("SET m " + i % 3);
        }

        client.socket.close();
        SimPeer.rest(node);
        assertNobodyWaits();
    }

    @Test
    void shouldNotWaitWithinExec()
    {
        feeder.ask("MULTI");
        feeder.ask("WANT k x 0");
        assertEquals("*1\r\n" + NULL_ARRAY, feeder.ask("EXEC"));
        assertNobodyWaits();
    }
}
