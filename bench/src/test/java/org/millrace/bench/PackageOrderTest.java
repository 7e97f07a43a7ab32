package org.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.millrace.kit.PackageOrder;

/** A package may use the kit, and packages that stand before it; nothing of the servers that are measured. */
class PackageOrderTest
{
    private final PackageOrder packages = new PackageOrder(
        "org.millrace",
        List.of(
            "bench.cli",
            "bench.workload",
            "bench.target",
            "bench.rig",
            "bench.report",
            "bench.gate",
            "bench.main"));

    @Test
    void shouldUseOnlyEarlierPackages() throws IOException
    {
        assertEquals(List.of(), packages.violations(List.of(), "kit"));
    }

    @Test
    void shouldDocumentEveryPackage()
    {
        assertEquals(List.of(), packages.undocumented());
    }
}
