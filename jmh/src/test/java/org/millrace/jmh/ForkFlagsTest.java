package org.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Fork;

/** Forks get the flags that the launcher and the tests have. */
class ForkFlagsTest
{
    @Test
    void shouldBeginWithTheSharedFlagsWhenForked() throws IOException
    {
        final List<String> shared = Files.readAllLines(Path.of("../config/jvm.args"));
        final String[] flags = EngineBenchmark.class.getAnnotation(Fork.class).jvmArgsAppend();

        assertEquals(shared, Arrays.asList(flags).subList(0, shared.size()));
    }
}
