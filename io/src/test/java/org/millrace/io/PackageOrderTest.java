package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.millrace.kit.PackageOrder;

/** A package may use only packages that stand before it; one class alone may use chronicle-bytes. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of(
        "io.thread",
        "io.file",
        "io.tls",
        "io.net",
        "io.config",
        "io.log",
        "io.lua.value",
        "io.lua.run",
        "io.lua.parse",
        "io.lua.lib",
        "io.lua",
        "io.host",
        "io.runtime",
        "io.check",
        "io.backup",
        "embed",
        "io.main");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    private final PackageOrder packages = new PackageOrder("org.millrace", ORDER);

    @Test
    void shouldUseOnlyPackagesBefore() throws IOException
    {
        assertEquals(List.of(), packages.violations(List.of(), "engine"));
    }

    @Test
    void shouldHaveADocForEachPackage()
    {
        assertEquals(List.of(), packages.undocumented());
    }

    @Test
    void shouldUseChronicleInOneClassOnly() throws IOException
    {
        final List<String> users = new ArrayList<>();
        for (final Path file : packages.files())
        {
            if (COMMENT.matcher(Files.readString(file)).replaceAll("").contains("net.openhft"))
            {
                users.add(file.getFileName().toString());
            }
        }

        assertEquals(List.of("MappedFile.java"), users);
    }
}
