package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.commands.RedisPeer;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * What a command does besides its answer when it looks for a key that is missing, there, or expired: hits, misses and
 * expiries counted, and the events published, keymiss among them. All as Redis does.
 */
class LookupEffectsTest
{
    private static final Pattern EVENT = Pattern.compile(
        ">4\r\n\\$8\r\npmessage\r\n\\$\\d+\r\n.*\r\n\\$\\d+\r\n__keyevent@\\d__:(.*)\r\n\\$\\d+\r\n(.*)\r\n");
    private static final String END = "$7\r\nendmark\r\n";

    /** Of each command that takes keys, the forms that look them up in different ways. */
    private static final List<String> LINES = List.of(
        "GET k", "GETEX k", "GETEX k EX 100", "GETEX k PERSIST", "GETDEL k", "GETSET k v", "SETNX k v", "SET k v",
        "SET k v NX", "SET k v XX", "SET k v GET", "SET k v KEEPTTL", "SETEX k 100 v", "PSETEX k 10000 v", "MGET k",
        "MGET k k", "MSET k v", "MSETNX k v", "APPEND k v", "STRLEN k", "SETRANGE k 0 a", "GETRANGE k 0 1",
        "SUBSTR k 0 1", "INCR k", "DECR k", "INCRBY k 1", "DECRBY k 1", "INCRBYFLOAT k 1", "LCS k k", "SETBIT k 1 1",
        "GETBIT k 1", "BITCOUNT k", "BITCOUNT k x y", "BITCOUNT k 0", "BITPOS k 1", "BITPOS k 1 x", "BITOP NOT d k",
        "BITOP AND d k k", "BITFIELD k GET u8 0", "BITFIELD k SET u8 0 1", "BITFIELD_RO k GET u8 0", "PFADD h k",
        "PFADD k a", "PFCOUNT k", "PFMERGE d k", "DEL k", "UNLINK k", "EXISTS k", "EXISTS k k", "TYPE k", "RENAME k d",
        "RENAMENX k d", "COPY k d", "COPY k d REPLACE", "MOVE k 1", "TOUCH k", "TOUCH k k", "OBJECT ENCODING k",
        "OBJECT FREQ k", "OBJECT IDLETIME k", "OBJECT REFCOUNT k", "DUMP k", "RESTORE k 0 x", "RESTORE k 0 x REPLACE",
        "EXPIRE k 100", "EXPIRE k 100 NX", "PEXPIRE k 1000", "EXPIREAT k 1999999999", "EXPIRE k -1", "TTL k", "PTTL k",
        "EXPIRETIME k", "PEXPIRETIME k", "PERSIST k", "MEMORY USAGE k", "RANDOMKEY", "SCAN 0", "KEYS *", "WATCH k",
        "GET", "SET k v EX 0", "SET k v NX XX", "INCRBY k x", "OBJECT ENCODING");

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1);

    @AfterEach
    void close()
    {
        node.close();
    }

    /** The state of the key, the line between two looks at the counters, an end. */
    private static String requests(final String state, final String line)
    {
        final Stream<String> before = Stream.of(
            "HELLO 3", "FLUSHALL", "DEBUG SET-ACTIVE-EXPIRE 0", "CONFIG SET notify-keyspace-events KEAmn",
            "missing".equals(state) ? "PING" : "there".equals(state) ? "SET k 12" : "SET k 12 PX 1",
            "DEBUG SLEEP 0.003");
        final Stream<String> then = Stream.of("SUBSCRIBE none", "PSUBSCRIBE __keyevent*", "INFO stats", line,
            "INFO stats", "PING endmark");
        return String.join("\r\n", Stream.concat(before, then).toList()) + "\r\n";
    }

    /** Kind of answer, hits, misses, keys expired, events. 7.0 puts the events within the answer: they are taken out. */
    private static String effects(final String answers)
    {
        final List<String> events = EVENT.matcher(answers).results().map((e) -> e.group(1) + " " + e.group(2)).toList();
        final List<String> replies = new ArrayList<>(Frames.of(EVENT.matcher(answers).replaceAll("")));
        final int last = replies.size() - 1;
        final String before = replies.get(last - 3);
        final String after = replies.get(last - 1);
        return replies.get(last - 2).substring(0, 1) +
            Stream.of("keyspace_hits", "keyspace_misses", "expired_keys")
                .map((name) -> value(after, name) - value(before, name)).toList() +
            events;
    }

    private static int value(final String info, final String name)
    {
        final int at = info.indexOf(name + ":") + name.length() + 1;
        return Integer.parseInt(info.substring(at, info.indexOf("\r\n", at)));
    }

    private String ours(final String requests)
    {
        final SimPeer peer = new SimPeer(node);
        peer.socket.send(requests);
        final String answers = peer.await();
        peer.socket.close();
        SimPeer.rest(node);
        assertTrue(answers.endsWith(END), answers);
        return effects(answers);
    }

    @Test
    void shouldHaveTheEffectsOfRedis() throws Exception
    {
        final List<String> different = new ArrayList<>();
        try (RedisPeer redis = RedisPeer.start())
        {
            for (final String state : List.of("missing", "there", "expired"))
            {
                for (final String line : LINES)
                {
                    final String requests = requests(state, line);
                    final String theirs = effects(redis.ask(requests, END));
                    final String ours = ours(requests);
                    if (!theirs.equals(ours))
                    {
                        different.add(state + " " + line + ": " + theirs + " but " + ours);
                    }
                }
            }
        }

        assertEquals(List.of(), different);
    }

    @Test
    void shouldNotTellOfMissesThatObjectMeets()
    {
        assertEquals("_[0, 1, 0][]", ours(requests("missing", "OBJECT ENCODING k")));
        assertEquals("_[0, 1, 0][keymiss k]", ours(requests("missing", "GET k")));
    }

    @Test
    void shouldTellTheMemoryOfAnExpiredKey()
    {
        assertEquals(":[0, 0, 0][]", ours(requests("expired", "MEMORY USAGE k")));
    }
}
