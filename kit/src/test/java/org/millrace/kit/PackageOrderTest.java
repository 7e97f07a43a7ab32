package org.millrace.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The kit knows nothing of Millrace; a package of it may use only those before it. The check itself is looked at, too. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of("resp", "server", "compare", "tls");

    private final PackageOrder packages = new PackageOrder("org.millrace.kit", ORDER);

    @Test
    void shouldUseOnlyEarlierPackages() throws IOException
    {
        assertEquals(List.of(), packages.violations(List.of()));
        assertEquals(List.of(), new PackageOrder("org.millrace", List.of()).violations(List.of(), "kit"));
    }

    @Test
    void shouldDocumentEveryPackage()
    {
        assertEquals(List.of(), packages.undocumented());
    }

    @Test
    void shouldSeeWhatIsWrong() throws IOException
    {
        final List<String> found = new PackageOrder("org.millrace.kit", List.of("server", "resp", "compare", "none"))
            .violations(List.of());
        assertTrue(found.contains("src/main/java/org/millrace/kit/server/TestServer.java uses resp"), found::toString);
        assertTrue(found.stream().allMatch((line) -> line.contains("/kit/server/")), found::toString);
        assertEquals(List.of("none"), new PackageOrder("org.millrace.kit", List.of("resp", "none")).undocumented());
        assertFalse(packages.violations(List.of(List.of("resp", "compare"))).isEmpty(), "strangers");
        assertFalse(new PackageOrder("org.millrace.kit", List.of("resp", "server")).violations(List.of()).isEmpty(),
            "a package that the order does not know");
    }
}
