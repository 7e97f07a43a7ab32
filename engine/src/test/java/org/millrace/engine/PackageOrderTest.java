package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.kit.PackageOrder;

/** A package may use only packages that stand before it in {@link #ORDER}. The order is the architecture. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of(
        "base",
        "guard",
        "memory",
        "counters",
        "config",
        "transport",
        "resp",
        "tree",
        "value",
        "keyspace",
        "datatype",
        "backlog",
        "snapshot",
        "interest",
        "tracking",
        "command",
        "acl",
        "script",
        "eviction",
        "readers",
        "commands",
        "migration",
        "aof",
        "replication",
        "replication.primary",
        "replication.replica",
        "node.clients",
        "node");

    /** What stands side by side: neither of a pair knows the other. */
    private static final List<List<String>> STRANGERS = List.of(
        List.of("commands", "replication"),
        List.of("replication.primary", "replication.replica"),
        List.of("replication", "node.clients"));

    private final PackageOrder packages = new PackageOrder("org.millrace.engine", ORDER);

    @Test
    void shouldUseOnlyPackagesBefore() throws IOException
    {
        assertEquals(List.of(), packages.violations(STRANGERS));
    }

    @Test
    void shouldHaveADocForEachPackage()
    {
        assertEquals(List.of(), packages.undocumented());
    }
}
