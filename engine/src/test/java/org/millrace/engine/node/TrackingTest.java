package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** CLIENT TRACKING: who is told of what, when, and in which form. */
class TrackingTest
{
    private static final String OK = "+OK\r\n";
    private static final String NIL = "_\r\n";

    private final SimNode.Disk disk = new SimNode.Disk();
    private SimNode node = new SimNode(new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, disk, 1);
    private SimPeer other = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    private void restart(final String... options)
    {
        close();
        node = new SimNode(
            new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1, options);
        other = new SimPeer(node);
    }

    private SimPeer tracker(final String options)
    {
        final SimPeer peer = new SimPeer(node);
        peer.ask("HELLO 3");
        assertEquals(OK, peer.ask("CLIENT TRACKING on " + options));
        return peer;
    }

    private static String id(final SimPeer peer)
    {
        return peer.ask("CLIENT ID").substring(1).trim();
    }

    private static String bulk(final String value)
    {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    private static String keys(final String... names)
    {
        final StringBuilder keys = new StringBuilder("*" + names.length + "\r\n");
        for (final String name : names)
        {
            keys.append(bulk(name));
        }

        return keys.toString();
    }

    private static String push(final String... names)
    {
        return ">2\r\n" + bulk("invalidate") + keys(names);
    }

    private static String pushAll()
    {
        return ">2\r\n" + bulk("invalidate") + NIL;
    }

    private static String message(final String... names)
    {
        return "*3\r\n" + bulk("message") + bulk("__redis__:invalidate") + keys(names);
    }

    private long figure(final String section, final String field)
    {
        final String info = other.ask("INFO " + section);
        final int at = info.indexOf(field + ":") + field.length() + 1;
        return Long.parseLong(info.substring(at, info.indexOf('\r', at)));
    }

    /** As clients say it: reader threads leave lines that are typed to the writer. */
    private static String get(final SimPeer peer)
    {
        peer.socket.send(ReaderThreadsTest.resp("GET", "a"));
        return peer.await();
    }

    /** What a client has got once everything has come to rest. */
    private String received(final SimPeer peer)
    {
        SimPeer.rest(node);
        return peer.received();
    }

    @Test
    void shouldTellOfAKeyOnceForEachRead()
    {
        final SimPeer peer = tracker("");
        peer.ask("GET a");
        other.ask("SET a 1");
        assertEquals(push("a"), received(peer));
        other.ask("SET a 2");
        other.ask("SET b 2");
        assertEquals("", received(peer));
        peer.ask("MGET a b");
        assertEquals(2, figure("stats", "tracking_total_keys"));
        other.ask("DEL a b");
        assertEquals(push("a") + push("b"), received(peer));
        assertEquals(0, figure("stats", "tracking_total_keys"));
        other.ask("SET a 1");
        peer.ask("MGET b a");
        other.ask("RENAME a b");
        assertEquals(push("a") + push("b"), received(peer));
    }

    @Test
    void shouldTellOfTheOwnChangeBehindTheReply()
    {
        final SimPeer peer = tracker("");
        peer.ask("GET a");
        assertEquals(OK + push("a"), peer.ask("SET a 1"));
        peer.ask("MGET a b");
        peer.tell("MULTI\r\nSET a 1\r\nGET a\r\nINCR b\r\nEXEC\r\nPING");
        assertEquals(OK + "+QUEUED\r\n".repeat(3) + "*3\r\n" + OK + bulk("1") + ":1\r\n" + push("a") + push("b") +
            "+PONG\r\n", received(peer));
        // Within the transaction it has been read again.
        other.ask("SET a 2");
        assertEquals(push("a"), received(peer));
    }

    @Test
    void shouldNotTellOfTheOwnChangeWithNoloop()
    {
        final SimPeer peer = tracker("NOLOOP");
        peer.ask("GET a");
        assertEquals(OK, peer.ask("SET a 1"));
        other.ask("SET a 1");
        assertEquals("", received(peer));
        peer.ask("GET a");
        other.ask("SET a 1");
        assertEquals(push("a"), received(peer));
    }

    @Test
    void shouldFollowWhatCachingSays()
    {
        final SimPeer peer = tracker("OPTIN");
        peer.ask("GET a");
        assertEquals(OK, peer.ask("CLIENT CACHING yes"));
        peer.ask("CLIENT ID");
        peer.ask("GET b");
        peer.ask("GET c");
        peer.ask("CLIENT CACHING yes");
        peer.tell("MULTI\r\nGET d\r\nGET e\r\nEXEC\r\nGET f");
        received(peer);
        other.ask("MSET a 1 b 1 c 1 d 1 e 1 f 1");
        assertEquals(push("b") + push("d") + push("e"), received(peer));
        peer.ask("CLIENT TRACKING off");
        peer.ask("CLIENT TRACKING on OPTOUT");
        peer.ask("CLIENT CACHING no");
        peer.ask("GET a");
        peer.ask("GET b");
        other.ask("MSET a 1 b 1");
        assertEquals(push("b"), received(peer));
    }

    @Test
    void shouldTellOfPrefixesAtTheEndOfATurn()
    {
        final SimPeer peer = tracker("BCAST PREFIX b: PREFIX a:");
        final SimPeer all = tracker("BCAST NOLOOP");
        other.tell("MULTI\r\nSET b:2 1\r\nSET a:1 1\r\nSET c 1\r\nSET b:1 1\r\nSET b:2 2\r\nSET b 1\r\nEXEC");
        assertEquals(push("a:1") + push("b:1", "b:2"), received(peer));
        assertEquals(push("a:1", "b", "b:1", "b:2", "c"), received(all));
        assertEquals(OK, all.ask("SET a:1 2"));
        assertEquals(push("a:1"), received(peer));
        assertEquals(2, figure("clients", "tracking_clients"));
        assertEquals(3, figure("stats", "tracking_total_prefixes"));
        peer.socket.close();
        SimPeer.rest(node);
        assertEquals(1, figure("stats", "tracking_total_prefixes"));
        assertEquals(OK, all.ask("RESET").replace("+RESET", "+OK"));
        assertEquals(0, figure("stats", "tracking_total_prefixes"));
        assertEquals(0, figure("clients", "tracking_clients"));
    }

    @Test
    void shouldTellAPrefixOfNothingThatCameBeforeIt()
    {
        tracker("BCAST PREFIX a");
        final SimPeer peer = new SimPeer(node);
        peer.ask("HELLO 3");
        peer.tell("SET a1 1\r\nSET a2 1\r\nCLIENT TRACKING on BCAST PREFIX a1\r\nSET a2 1\r\nSET a1 2\r\nSET a1:1 1");
        assertEquals(OK.repeat(6) + push("a1", "a1:1"), received(peer));
    }

    @Test
    void shouldSendToWhoIsNamed()
    {
        final SimPeer target = new SimPeer(node);
        final String id = id(target);
        final SimPeer peer = new SimPeer(node);
        assertEquals(OK, peer.ask("CLIENT TRACKING on REDIRECT " + id));
        assertEquals(":" + id + "\r\n", peer.ask("CLIENT GETREDIR"));
        peer.ask("GET a");
        other.ask("SET a 1");
        assertEquals("", received(target));
        target.ask("SUBSCRIBE __redis__:invalidate");
        peer.ask("GET a");
        other.ask("SET a 1");
        assertEquals(message("a"), received(target));
        other.ask("FLUSHALL");
        assertEquals("*3\r\n" + bulk("message") + bulk("__redis__:invalidate") + "$-1\r\n", received(target));
        assertTrue(peer.ask("CLIENT INFO").contains(" flags=t "));
        assertTrue(peer.ask("CLIENT INFO").contains(" redir=" + id + " "));
        peer.ask("HELLO 3");
        peer.ask("GET a");
        target.socket.close();
        SimPeer.rest(node);
        other.ask("SET a 1");
        assertEquals(">2\r\n" + bulk("tracking-redir-broken") + ":" + id + "\r\n", received(peer));
        assertTrue(peer.ask("CLIENT INFO").contains(" flags=tR "));
        assertTrue(peer.ask("CLIENT TRACKINGINFO").contains("broken_redirect"));
    }

    @Test
    void shouldTellEverybodyToForgetEverything()
    {
        final SimPeer reader = tracker("");
        final SimPeer listener = tracker("BCAST PREFIX x NOLOOP");
        for (final String line : List.of("FLUSHALL", "FLUSHDB", "SELECT 1\r\nFLUSHDB ASYNC", "SWAPDB 0 1"))
        {
            reader.ask("GET a");
            other.tell(line);
            assertEquals(pushAll(), received(reader));
            assertEquals(pushAll(), received(listener));
            assertEquals(0, figure("stats", "tracking_total_keys"));
        }

        assertEquals(OK + pushAll(), reader.ask("FLUSHALL"));
    }

    @Test
    void shouldTellOfExpiredKeys()
    {
        final SimPeer peer = tracker("");
        final SimPeer listener = tracker("BCAST NOLOOP");
        other.ask("SET a 1 PX 10");
        received(listener);
        peer.ask("GET a");
        node.clock.advanceMs(1000);
        assertEquals(push("a"), received(peer));
        assertEquals(push("a"), received(listener));
    }

    @Test
    void shouldForgetKeysBeyondTheLimit()
    {
        final SimPeer peer = tracker("");
        final List<String> line = new ArrayList<>(List.of("MGET"));
        for (int i = 0; i < 450; i++)
        {
            line.add("key" + i);
        }

        peer.ask(String.join(" ", line));
        assertEquals(450, figure("stats", "tracking_total_keys"));
        other.ask("CONFIG SET tracking-table-max-keys 2");
        SimPeer.rest(node);
        peer.received();
        // A hundred, then two hundred: as many more with each look.
        final String first = peer.ask("PING");
        assertTrue(first.startsWith(">2"), first);
        for (int i = 0; i < 4; i++)
        {
            peer.ask("PING");
        }

        assertEquals(2, figure("stats", "tracking_total_keys"));
        assertEquals(2, figure("stats", "tracking_total_items"));
    }

    /** Before its reply: the command may already find another value. */
    @Test
    void shouldTellOfForgottenKeysBeforeTheReply()
    {
        restart("tracking-table-max-keys", "1");
        final SimPeer peer = tracker("");
        peer.tell("MGET a b\r\nCLIENT REPLY SKIP\r\nPING\r\nMULTI");
        final String received = received(peer);
        assertTrue(received.equals("*2\r\n" + NIL + NIL + push("a") + OK) ||
            received.equals("*2\r\n" + NIL + NIL + push("b") + OK), received);
    }

    @Test
    void shouldTellOfEvictedKeysBeforeTheReply()
    {
        restart("maxmemory-policy", "volatile-ttl");
        other.ask("SET a 1 EX 1000");
        final SimPeer peer = tracker("");
        peer.ask("GET a");
        assertEquals(OK + push("a") + NIL, peer.ask("CONFIG SET maxmemory 1\r\nGET a"));
    }

    @Test
    void shouldReachClientsThatWantNoReplies()
    {
        final SimPeer peer = tracker("");
        peer.ask("GET a");
        peer.tell("CLIENT REPLY OFF\r\nSET a 1\r\nGET a");
        assertEquals(push("a"), received(peer));
        other.ask("SET a 2");
        assertEquals(push("a"), received(peer));
    }

    @Test
    void shouldRememberWhatAWaitingReaderLooksAt()
    {
        final SimPeer peer = tracker("");
        peer.tell("XREAD BLOCK 0 STREAMS s $");
        received(peer);
        other.ask("XADD s 1-1 f v");
        final String received = received(peer);
        assertTrue(received.startsWith(push("s") + "%1\r\n"), received);
        other.ask("XADD s 1-2 f v");
        assertEquals(push("s"), received(peer));
    }

    /** As in Redis 7.2: first the reply, then the events that it has caused, then what it has made invalid. */
    @Test
    void shouldTellOfTheOwnChangeBehindItsEvents()
    {
        restart("notify-keyspace-events", "KA");
        final SimPeer peer = tracker("");
        peer.ask("SUBSCRIBE __keyspace@0__:a");
        peer.ask("MGET a b");
        assertEquals(OK + ">3\r\n" + bulk("message") + bulk("__keyspace@0__:a") + bulk("set") + push("a") + push("b"),
            peer.ask("MSET a 1 b 2"));
    }

    /** Messages for others go to a client behind the reply of its own command, as in 7.2. */
    @Test
    void shouldNotInterruptTheReplyOfWhoIsNamed()
    {
        final SimPeer target = new SimPeer(node);
        target.ask("HELLO 3");
        final SimPeer peer = new SimPeer(node);
        peer.ask("CLIENT TRACKING on REDIRECT " + id(target));
        peer.ask("GET a");
        assertEquals(OK + "+QUEUED\r\n".repeat(2) + "*2\r\n" + OK + bulk("1") + push("a"),
            target.ask("MULTI\r\nSET a 1\r\nGET a\r\nEXEC"));
    }

    /** What a script reads is remembered, whatever keys it has named; what it writes its client does not know. */
    @Test
    void shouldLookIntoScripts()
    {
        final SimPeer peer = tracker("");
        peer.ask("EVAL \"get b\\nset c 1\" 1 a");
        peer.ask("EVAL_RO \"get d\" 1 a");
        other.ask("MSET a 1 b 1 c 1 d 1");
        assertEquals(push("b") + push("d"), received(peer));
        peer.ask("GET a");
        assertEquals(OK + push("a"), peer.ask("EVAL \"set a 1\\nset a 2\" 0"));
        final SimPeer listener = tracker("BCAST NOLOOP");
        assertEquals(OK, listener.ask("SET a 1"));
        assertEquals(OK + push("a"), listener.ask("EVAL \"set a 1\" 0"));
    }

    @Test
    void shouldTellWhoWasServedBehindTheAnswer()
    {
        final SimPeer peer = tracker("");
        other.ask("RPUSH to x");
        peer.ask("LRANGE to 0 -1");
        peer.tell("BLMOVE from to LEFT LEFT 0");
        received(peer);
        other.ask("RPUSH from y");
        assertEquals(bulk("y") + push("to"), received(peer));
    }

    @Test
    void shouldForgetWhatOnlyThoseHadWhoAreGone()
    {
        final SimPeer peer = tracker("");
        peer.ask("MGET a b c");
        assertEquals(3, figure("stats", "tracking_total_items"));
        peer.ask("CLIENT TRACKING off");
        assertEquals(3, figure("stats", "tracking_total_items"));
        assertEquals(0, figure("clients", "tracking_clients"));
        peer.socket.close();
        SimPeer.rest(node);
        assertEquals(0, figure("stats", "tracking_total_items"));
    }

    /** What a reader thread would answer the writer does, for a client whose reads are to be remembered. */
    @Test
    void shouldMissNoReadWithReaderThreads()
    {
        restart("reader-threads", "1");
        other.ask("SET a 0");
        final SimPeer peer = tracker("");
        for (int i = 0; i < 50; i++)
        {
            assertEquals(bulk(Integer.toString(i)), get(peer));
            other.ask("SET a " + (i + 1));
            assertEquals(push("a"), received(peer));
        }

        assertEquals(0, figure("stats", "millrace_reader_commands"));
    }

    /** Nothing is remembered of them: they are the reader threads', and get their messages all the same. */
    @Test
    void shouldLeaveReadsOfOtherModesToReaderThreads()
    {
        restart("reader-threads", "1");
        other.ask("SET a 0");
        final SimPeer listener = tracker("BCAST");
        final SimPeer chooser = tracker("OPTIN");
        for (int i = 0; i < 20; i++)
        {
            get(listener);
            get(chooser);
        }

        assertTrue(figure("stats", "millrace_reader_commands") > 30);
        for (int i = 0; i < 50; i++)
        {
            assertEquals(bulk(Integer.toString(i)), get(listener));
            assertEquals(bulk(Integer.toString(i)), get(chooser));
            assertEquals(OK, chooser.ask("CLIENT CACHING yes"));
            assertEquals(bulk(Integer.toString(i)), get(chooser));
            other.ask("SET a " + (i + 1));
            assertEquals(push("a"), received(listener));
            assertEquals(push("a"), received(chooser));
        }

    }

    @Test
    void shouldReachWhoIsNamedAtAReaderThread()
    {
        restart("reader-threads", "1");
        final SimPeer target = new SimPeer(node);
        target.ask("HELLO 3");
        final String id = id(target);
        final SimPeer peer = new SimPeer(node);
        peer.ask("CLIENT TRACKING on REDIRECT " + id);
        for (int i = 0; i < 20; i++)
        {
            get(target);
            peer.ask("GET a");
            other.ask("SET a 1");
            assertEquals(push("a"), received(target));
        }
    }

    /** Clients of a replica hear of what its primary sends, and of a full resync. */
    @Test
    void shouldTellClientsOfAReplica()
    {
        try (SimTrio trio = new SimTrio(new SimNetwork(1)))
        {
            final SimNode primary = trio.start(7001, 0);
            final SimNode replica = trio.start(7002, 7001);
            trio.sync();
            final SimPeer writing = new SimPeer(primary);
            final SimPeer reading = new SimPeer(replica);
            final SimPeer listening = new SimPeer(replica);
            reading.tell("HELLO 3\r\nCLIENT TRACKING on\r\nMGET a b");
            listening.tell("HELLO 3\r\nCLIENT TRACKING on BCAST NOLOOP");
            trio.steps(100);
            reading.received();
            listening.received();
            writing.tell("MULTI\r\nSET b 1\r\nSET a 1\r\nEXEC");
            trio.sync();
            assertEquals(push("b") + push("a"), reading.received());
            assertEquals(push("a", "b"), listening.received());
            reading.tell("GET a");
            new SimPeer(replica).tell("REPLICAOF NO ONE");
            trio.steps(100);
            reading.received();
            new SimPeer(replica).tell("SET b 2\r\nREPLICAOF " + SimNode.HOST + " 7001");
            trio.sync();
            assertEquals(pushAll(), reading.received());
            // Behind an image that the primary has kept the stream may come once more.
            assertTrue(listening.received().startsWith(push("b") + pushAll()));
        }
    }

    @Test
    void shouldSayWhatDoesNotGoTogether()
    {
        final SimPeer peer = new SimPeer(node);
        final String[][] cases = {
            {"CLIENT TRACKING maybe", "-ERR syntax error\r\n"},
            {"CLIENT TRACKING on NOSUCH", "-ERR syntax error\r\n"},
            {"CLIENT TRACKING on PREFIX", "-ERR syntax error\r\n"},
            {"CLIENT TRACKING on REDIRECT x", "-ERR value is not an integer or out of range\r\n"},
            {"CLIENT TRACKING on REDIRECT 999", "-ERR The client ID you want redirect to does not exist\r\n"},
            {"CLIENT TRACKING on REDIRECT 1 REDIRECT 1",
                "-ERR A client can only redirect to a single other client\r\n"},
            {"CLIENT TRACKING on PREFIX a", "-ERR PREFIX option requires BCAST mode to be enabled\r\n"},
            {"CLIENT TRACKING on BCAST OPTIN", "-ERR OPTIN and OPTOUT are not compatible with BCAST\r\n"},
            {"CLIENT TRACKING on OPTIN OPTOUT", "-ERR You can't specify both OPTIN mode and OPTOUT mode\r\n"},
            {"CLIENT TRACKING on BCAST PREFIX ab PREFIX b PREFIX a",
                "-ERR Prefix 'ab' overlaps with another provided prefix 'a'. Prefixes for a single client must not " +
                    "overlap.\r\n"},
            {"CLIENT TRACKING on BCAST PREFIX x PREFIX ab PREFIX a",
                "-ERR Prefix 'ab' overlaps with another provided prefix 'a'. Prefixes for a single client must not " +
                    "overlap.\r\n"},
            {"CLIENT CACHING yes", "-ERR CLIENT CACHING can be called only when the client is in tracking mode with " +
                "OPTIN or OPTOUT mode enabled\r\n"},
            {"CLIENT GETREDIR", ":-1\r\n"},
            {"CLIENT TRACKINGINFO", "*6\r\n" + bulk("flags") + keys("off") + bulk("redirect") + ":-1\r\n" +
                bulk("prefixes") + "*0\r\n"},
            {"CLIENT TRACKING on BCAST PREFIX b PREFIX a", OK},
            {"CLIENT TRACKINGINFO", "*6\r\n" + bulk("flags") + keys("on", "bcast") + bulk("redirect") + ":0\r\n" +
                bulk("prefixes") + keys("a", "b")},
            {"CLIENT TRACKING on BCAST PREFIX bc",
                "-ERR Prefix 'bc' overlaps with an existing prefix 'b'. Prefixes for " +
                    "a single client must not overlap.\r\n"},
            {"CLIENT TRACKING on",
                "-ERR You can't switch BCAST mode on/off before disabling tracking for this client, " +
                    "and then re-enabling it with a different mode.\r\n"},
            {"CLIENT CACHING yes", "-ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.\r\n"},
            {"CLIENT CACHING no", "-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.\r\n"},
            {"CLIENT CACHING maybe", "-ERR syntax error\r\n"},
            {"CLIENT TRACKING off", OK},
            {"CLIENT TRACKING on OPTIN NOLOOP", OK},
            {"CLIENT TRACKING on OPTOUT",
                "-ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this " +
                    "client, and then re-enabling it with a different mode.\r\n"},
            {"CLIENT CACHING yes", OK},
            {"CLIENT TRACKINGINFO", "*6\r\n" + bulk("flags") + keys("on", "optin", "caching-yes", "noloop") +
                bulk("redirect") + ":0\r\n" + bulk("prefixes") + "*0\r\n"},
        };
        for (final String[] each : cases)
        {
            assertEquals(each[1], peer.ask(each[0]), each[0]);
        }
    }
}
