package org.millrace.engine.acl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.AccessContext;
import org.millrace.engine.config.Config;

/** Which denials are one entry, and which entries are kept. */
class AclLogTest
{
    private final Config config = Config.inMemory();
    private final AclLog log = new AclLog(config);

    private void add(final String object, final long nowMs)
    {
        log.add(AclLog.KEY, AccessContext.TOPLEVEL, object, "u", "client at " + nowMs, nowMs);
    }

    private List<String> shown()
    {
        return log.entries().stream().map((entry) -> entry.object() + " " + entry.count() + " " + entry.id()).toList();
    }

    @Test
    void shouldMergeWhatIsTheSameWithinAMinute()
    {
        add("a", 1_000);
        add("b", 2_000);
        add("a", 61_000);
        assertEquals(List.of("a 2 0", "b 1 1"), shown());
        assertEquals("client at 61000", log.entries().peek().client());
        assertEquals(1_000, log.entries().peek().createdMs());

        // A minute since the last time, not since the first.
        add("a", 121_000);
        add("a", 181_001);
        assertEquals(List.of("a 1 2", "a 3 0", "b 1 1"), shown());
    }

    @Test
    void shouldTellApartWhatDiffersInOneThing()
    {
        add("a", 0);
        log.add(AclLog.COMMAND, AccessContext.TOPLEVEL, "a", "u", "", 0);
        log.add(AclLog.KEY, AccessContext.LUA, "a", "u", "", 0);
        log.add(AclLog.KEY, AccessContext.TOPLEVEL, "a", "v", "", 0);
        assertEquals(List.of("a 1 3", "a 1 2", "a 1 1", "a 1 0"), shown());
    }

    @Test
    void shouldLookAtTheLatestTenOnly()
    {
        for (int i = 0; i < 11; i++)
        {
            add("k" + i, i);
        }

        add("k0", 20);
        assertEquals("k0 1 11", shown().get(0));
        add("k3", 20);
        assertEquals("k3 2 3", shown().get(0));
    }

    @Test
    void shouldKeepAsManyAsTheOptionSays()
    {
        for (int i = 0; i < 20; i++)
        {
            add("k" + i, i);
        }

        config.set(List.of("acllog-max-len", "3"), false, true);
        add("x", 30);
        assertEquals(List.of("x 1 20", "k19 1 19", "k18 1 18"), shown());
        config.set(List.of("acllog-max-len", "0"), false, true);
        add("y", 30);
        assertEquals(List.of(), shown());
    }
}
