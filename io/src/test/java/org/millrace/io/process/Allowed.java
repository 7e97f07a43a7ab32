package org.millrace.io.process;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What the machine that runs the tests may allow or not. Each is tried, once. */
public enum Allowed
{
    /** A process namespace of its own: the server is process 1, as in a container. */
    OWN_PROCESSES("a process namespace of its own", List.of("--pid", "--fork", "--kill-child", "--mount-proc")),

    /** File systems that only the server sees. */
    OWN_MOUNTS("file systems of its own", List.of("--mount")),

    /** A network that only the server sees. */
    OWN_NETWORK("a network of its own", List.of("--net"));

    /** Root needs nothing, others a user namespace, in which they are root. */
    private static final List<List<String>> ROLES = List.of(List.of(), List.of("--map-root-user"));
    private static final Map<Allowed, List<String>> FOUND = new ConcurrentHashMap<>();
    private static final List<String> NOTHING = List.of();

    private final String what;
    private final List<String> options;

    Allowed(final String what, final List<String> options)
    {
        this.what = what;
        this.options = options;
    }

    boolean isAllowed()
    {
        return !unshare().isEmpty();
    }

    /** Skips the test, with a word in the last lines of the build, where this is not allowed. */
    void orSkip()
    {
        Assumptions.assumeTrue(isAllowed(), () -> "not run: needs root, or a system that gives a user " + what);
    }

    /** Options of {@code unshare}; empty if this is not allowed. */
    List<String> unshare()
    {
        return FOUND.computeIfAbsent(this, (self) -> self.probe());
    }

    private List<String> probe()
    {
        for (final List<String> role : ROLES)
        {
            final String command = "unshare " + String.join(" ", role) + " " + String.join(" ", options) + " ";
            final String test = OWN_MOUNTS == this ? "mount -t tmpfs tmpfs /tmp" : "true";
            if (0 == Shell.run(command + test, new StringBuilder()))
            {
                return Stream.concat(role.stream(), options.stream()).toList();
            }
        }

        return NOTHING;
    }
}
