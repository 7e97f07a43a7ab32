package org.millrace.engine.replication.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.replication.replica.ScriptedPrimary.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A primary with a history, a backlog and bad luck: connections are refused, cut at any byte, fall silent, snapshots
 * break off or are damaged. Whatever happens the replica's data is that of a point of the history, its offset says
 * which, and once the faults stop it catches up.
 */
class ReplicaFaultsTest
{
    private static final String MARK = "m".repeat(40);
    private static final int BACKLOG = 400;

    private final List<Map<String, String>> states = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final StringBuilder history = new StringBuilder();
    private Random random;
    private ReplicaRig rig;
    private boolean hasFaults = true;
    private int sent = -1;
    private int fulls;
    private int partials;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 92, 8_675_309, 77, 123_456_789})
    void shouldStandInHistoryAlwaysAndCatchUpOnceFaultsStop(final long seed)
    {
        random = new Random(seed);
        states.add(new TreeMap<>());
        offsets.add(0L);
        rig = new ReplicaRig();
        rig.settings.timeoutSeconds = 5;
        rig.settings.disklessLoad = random.nextBoolean()
            ? ReplicaSettings.DisklessLoad.SWAPDB
            : ReplicaSettings.DisklessLoad.DISABLED;
        rig.primary.onPsync = this::answer;
        rig.follow();
        for (int i = 0; i < 2000; i++)
        {
            write();
            misbehave();
            feed();
            rig.pass(random.nextInt(10) > 0 ? 10 : 1000);
            checkData(seed);
        }

        hasFaults = false;
        rig.primary.pingReply = "+PONG\r\n";
        rig.primary.isListening = true;
        rig.primary.isAnswering = true;
        rig.primary.isAccepting = true;
        for (int i = 0; i < 200; i++)
        {
            rig.pass(1000);
            feed();
            rig.settle();
        }

        assertEquals(LinkState.STREAMING, rig.state(), () -> "seed=" + seed + " last error: " +
            rig.role.link().lastError());
        assertEquals(history.length(), rig.stream.endOffset(), "seed=" + seed);
        checkData(seed);
        assertTrue(fulls > 3 && partials > 3, "seed=" + seed + " fulls=" + fulls + " partials=" + partials);
        rig.close();
    }

    /** One more unit of the history: a command, or two in a transaction. */
    private void write()
    {
        final Map<String, String> next = new TreeMap<>(states.get(states.size() - 1));
        final boolean isTransaction = 0 == random.nextInt(4);
        history.append(isTransaction ? command("MULTI") : "");
        for (int i = isTransaction ? 2 : 1; i > 0; i--)
        {
            final String key = "k" + random.nextInt(20);
            final String value = "v" + random.nextInt(1000);
            history.append(command("set", key, value));
            next.put("0:" + key, value);
        }

        history.append(isTransaction ? command("EXEC") : "");
        states.add(next);
        offsets.add((long)history.length());
    }

    private void misbehave()
    {
        rig.primary.isListening = random.nextInt(20) > 0;
        rig.primary.isAccepting = random.nextInt(50) > 0;
        rig.primary.isAnswering = random.nextInt(20) > 0;
        rig.primary.pingReply = random.nextInt(10) > 0 ? "+PONG\r\n" : "-LOADING wait\r\n";
        rig.primary.readMax = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(50);
        if (0 == random.nextInt(40))
        {
            rig.primary.cut();
        }
    }

    /** Send the replica what it has not got, perhaps not all. */
    private void feed()
    {
        if (sent < 0)
        {
            return;
        }

        if (LinkState.STREAMING != rig.state() || rig.primary.wire().isCut)
        {
            sent = LinkState.SNAPSHOT == rig.state() ? sent : -1;
            return;
        }

        final int left = history.length() - sent;
        final int length = hasFaults ? Math.min(left, random.nextInt(400)) : left;
        rig.primary.send(history.substring(sent, sent + length));
        sent += length;
    }

    private String answer(final String psync)
    {
        final int fault = hasFaults ? random.nextInt(12) : 100;
        if (fault < 2)
        {
            return 0 == fault ? "-NOMASTERLINK later\r\n" : "\n\n";
        }

        final String[] words = psync.split("\r\n");
        final long next = Long.parseLong(words[6]);
        final boolean isKnown = words[4].equals(ReplicaRig.PRIMARY_ID);
        if (isKnown && next > history.length() - BACKLOG && next <= history.length() + 1)
        {
            sent = (int)next - 1;
            partials++;
            return "+CONTINUE\r\n";
        }

        final StringBuilder image = new StringBuilder("head|");
        states.get(states.size() - 1)
            .forEach((key, value) -> image.append(key, 2, key.length()).append('=').append(value).append(';'));
        image.append('!');
        final boolean isDamaged = 2 == fault;
        if (isDamaged)
        {
            image.setCharAt(5 + random.nextInt(image.length() - 5), '?');
        }

        sent = history.length();
        final String framed = random.nextBoolean()
            ? "$EOF:" + MARK + "\r\n" + image + MARK
            : "$" + image.length() + "\r\n" + image;
        final int cutAt = 3 == fault ? random.nextInt(framed.length()) : framed.length();
        if (cutAt < framed.length() || isDamaged)
        {
            sent = -1;
        }

        fulls++;
        return ReplicaRig.fullResync(history.length()) + "\n" + framed.substring(0, cutAt);
    }

    private void checkData(final long seed)
    {
        final String what = "seed=" + seed + " state=" + rig.state();
        if (LinkState.SNAPSHOT == rig.state() || !rig.role.isPositionKnown())
        {
            assertTrue(
                rig.data.isEmpty() || LinkState.SNAPSHOT == rig.state() || states.contains(rig.data), what);
            return;
        }

        final int index = offsets.indexOf(rig.stream.endOffset());
        assertTrue(index >= 0, what + " offset=" + rig.stream.endOffset());
        assertEquals(states.get(index), rig.data, what);
        assertEquals(ReplicaRig.PRIMARY_ID, rig.stream.history().replid(), what);
    }
}
