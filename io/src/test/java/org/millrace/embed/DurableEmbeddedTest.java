package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An embedded node that keeps what it is told. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DurableEmbeddedTest
{
    @TempDir
    Path directory;

    private MillraceBuilder builder(final Durability durability)
    {
        return MillraceNode.builder().directory(directory).durability(durability).log((level, message) ->
        {
        });
    }

    @ParameterizedTest
    @EnumSource(value = Durability.class, names = {"SYSTEM", "EVERY_SECOND", "ALWAYS"})
    void shouldComeBackWithoutASave(final Durability durability) throws IOException
    {
        try (MillraceNode node = builder(durability).open())
        {
            final List<CompletableFuture<Object>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++)
            {
                all.add(node.command("SET", "key" + i, Integer.toString(i)));
            }

            all.forEach(CompletableFuture::join);
        }

        try (MillraceNode node = builder(durability).open())
        {
            assertEquals(200L, node.command("DBSIZE").join());
            assertTrue(node.offset() > 0);
        }

        final IOException refused = assertThrows(IOException.class, () -> builder(Durability.SAVES).open());
        assertTrue(refused.getMessage().contains("appendonly yes"), refused.getMessage());
    }
}
