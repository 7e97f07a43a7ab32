package org.millrace.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.config.RedisCommands;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

class CommandKeysTest
{
    private static final Map<String, ReferenceRows.Row> ROWS = ReferenceRows.read();

    private final KeyPositions found = new KeyPositions();

    /** Arity, flags and the like aside, the three numbers and the two flags of COMMAND INFO follow from specifications. */
    @Test
    void shouldSumUpSpecificationsAsRedisDoes()
    {
        for (final ReferenceRows.Row row : ROWS.values())
        {
            final CommandKeys keys = row.commandKeys();
            assertEquals(row.keys(), List.of(keys.first(), keys.last(), keys.step()), row.name());
            final List<String> flags = CommandFlags.names(keys.impliedFlags());
            assertEquals(
                row.flags().stream().filter((flag) -> flag.endsWith("keys")).toList(), flags, row.name());
        }
    }

    /** Two lists of the same: the names that may be renamed, and the rows. */
    @Test
    void shouldKnowTheNamesOfAllCommands()
    {
        assertEquals(
            new TreeSet<>(RedisCommands.names()),
            ROWS.values().stream().filter((row) -> !row.since().startsWith("7.4")).map(ReferenceRows.Row::name)
                .filter((name) -> !name.contains("|")).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A category that flags imply is not named by any row. */
    @Test
    void shouldImplyCategoriesAsRedisDoes()
    {
        for (final ReferenceRows.Row row : ROWS.values())
        {
            final int categories = row.categories().stream().mapToInt((name) -> Category.of(name.substring(1))).sum();
            assertEquals(row.categories(), Category.names(categories), row.name());
            assertEquals(
                0, Category.implied(flags(row), categories) & ~categories, row.name());
        }
    }

    private static int flags(final ReferenceRows.Row row)
    {
        int flags = 0;
        for (int bit = 0; bit < Integer.SIZE; bit++)
        {
            final List<String> names = CommandFlags.names(1 << bit);
            flags |= !names.isEmpty() && row.flags().containsAll(names) ? 1 << bit : 0;
        }

        return flags;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", value = {
        "get k; 1 RO access", "mset a 1 b 2; 1 OW update, 3 OW update", "set k v; 1 OW update",
        "set k v EX 10 get; 1 RW access update", "bitfield k get u8 0 overflow sat; 1 RO access",
        "bitfield k incrby u8 0 1; 1 RW access update", "lcs a b; 1 RO access, 2 RO access", "lcs a; -",
        "bitop and d a b; 2 OW update, 3 RO access, 4 RO access", "pfmerge d; -", "ping a; ''",
        "spublish c m; ''", "memory|usage USAGE k; 2 RO",
        "zunionstore d 2 a b; 1 OW update, 3 RO access, 4 RO access", "zunionstore d 0 a; -", "zunionstore d 3 a b; -",
        "zunionstore d x a b; -", "zunion 2 a b WEIGHTS 1 2; 2 RO access, 3 RO access",
        "zunion 9223372036854775807 a; -", "blmpop 0 1 a LEFT; 3 RW access delete",
        "eval s 2 a b c; 3 RW access update, 4 RW access update", "eval s 0 a; ''", "eval s -1; -", "eval s 2 a; -",
        "sort k BY STORE STORE a LIMIT STORE STORE STORE b; 1 RO access, 10 OW update",
        "sort k; 1 RO access", "sort k STORE; 1 RO access", "sort_ro k BY x; 1 RO access",
        "georadius k 1 2 3 km store d; 1 RO access, 7 OW update", "georadius k 1 2 3 km; 1 RO access",
        "georadius k 1 2 3 km STOREDIST d STORE e; 1 RO access, 9 OW update, 7 OW update",
        "georadius k 1 2 3 km STORE; 1 RO access", "georadius k 1 2 3 STORE STORE STORE; 1 RO access, 7 OW update",
        "migrate h p k 0 1 COPY; 3 RW access delete", "migrate h p k 0 1 COPY KEYS a; -",
        "migrate h p '' 0 1 COPY AUTH KEYS KEYS a b; 10 RW access delete, 11 RW access delete",
        "xread COUNT 2 STREAMS a b 0 0; 4 RO access, 5 RO access", "xread STREAMS STREAMS 0; 2 RO access",
        "xread COUNT 2 a; -", "xreadgroup GROUP STREAMS c STREAMS a >; 5 RO access"})
    void shouldFindKeys(final String call, final String expected)
    {
        final String[] words = call.trim().split(" ");
        final List<String> keys = new ArrayList<>();
        final boolean isSound = find(ROWS.get(words[0]).commandKeys(), words);
        for (int i = 0; i < found.count(); i++)
        {
            keys.add(found.index(i) + " " + String.join(" ", KeyFlags.names(found.flags(i))));
        }

        assertEquals(null != expected, isSound, call);
        assertEquals(null == expected ? "" : expected.trim(), String.join(", ", keys), call);
    }

    @Test
    void shouldTellReadsFromWrites()
    {
        assertFalse(KeyFlags.isWrite(KeyFlags.READ));
        assertFalse(KeyFlags.isWrite(KeyFlags.RO));
        for (final int flags : new int[]{KeyFlags.CHANGE, KeyFlags.EDIT, KeyFlags.ADD, KeyFlags.TAKE,
            KeyFlags.OVERWRITE, KeyFlags.CREATE, KeyFlags.REMOVE})
        {
            assertTrue(KeyFlags.isWrite(flags), KeyFlags.names(flags).toString());
        }
    }

    /** It is asked with each command of a pipeline. */
    @Test
    void shouldFindKeysWithoutAllocation()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        for (final String call : List.of("set k v EX 10 get", "mset a 1 b 2 c 3", "zunionstore d 2 a b",
            "sort k BY x STORE d", "xread COUNT 2 STREAMS a b 0 0", "migrate h p k 0 1 COPY"))
        {
            final String[] words = call.split(" ");
            final CommandKeys keys = ROWS.get(words[0]).commandKeys();
            long least = Long.MAX_VALUE;
            assertTrue(find(keys, words));
            final ArgVector args = new ArgVector();
            final long address = fill(args, words);
            for (int round = 0; round < 5; round++)
            {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10_000; i++)
                {
                    keys.find(args, found);
                }

                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }

            Memory.release(address);
            assertTrue(least < 1000, call + ": " + least);
        }
    }

    private boolean find(final CommandKeys keys, final String... words)
    {
        final ArgVector args = new ArgVector();
        final long address = fill(args, words);
        final boolean isSound = keys.find(args, found);
        Memory.release(address);
        return isSound;
    }

    /** @return address of the words' bytes, to be released. */
    private static long fill(final ArgVector args, final String... words)
    {
        final byte[] bytes = String.join("", words).replace("''", "").getBytes(StandardCharsets.US_ASCII);
        final long address = Memory.reserve(bytes.length + 1L);
        Memory.copy(bytes, 0, address, bytes.length);
        long at = address;
        for (final String word : words)
        {
            final int length = "''".equals(word) ? 0 : word.length();
            args.add(at, length);
            at += length;
        }

        return address;
    }
}
