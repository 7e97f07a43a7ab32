package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyPositions;
import org.millrace.engine.command.ReferenceRows;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/**
 * The keys of calls of all commands of Redis, those that this node does not hold among them, as the machine's
 * redis-server finds them: random words, among them each that the command knows.
 */
class CommandKeysReferenceTest
{
    private static final int CALLS = 100 * Integer.getInteger("millrace.fuzz.factor", 1);
    private static final Pattern TOKEN = Pattern.compile("[ (]=([A-Z-]+)");
    private static final List<String> WORDS = List.of("a", "b", "", "0", "1", "2", "3", "-1", "get", "KEYS", "STORE");

    private final long seed = Long.getLong("millrace.keys.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final KeyPositions found = new KeyPositions();
    private final ArgVector args = new ArgVector();

    @Test
    void shouldFindTheKeysThatRedisFinds() throws Exception
    {
        final List<String> different = new ArrayList<>();
        int sound = 0;
        try (RedisPeer redis = RedisPeer.start())
        {
            for (final ReferenceRows.Row row : ReferenceRows.read().values())
            {
                final CommandKeys keys = row.commandKeys();
                for (int i = 0; i < CALLS && keys.hasKeys(); i++)
                {
                    final List<String> call = call(row);
                    final String theirs = ask(redis, call);
                    final String ours = find(keys, call);
                    sound += ours.startsWith("-") ? 0 : 1;
                    if (!theirs.equals(ours) && !isOfOlderServer(theirs) && !isGuess(theirs) && !isReadAgain(call))
                    {
                        different.add(call + ": " + theirs + " but " + ours);
                    }
                }
            }
        }

        assertEquals(List.of(), different, "seed " + seed + ", calls with keys " + sound);
    }

    /** It does not know the command, or not so many arguments. */
    private static boolean isOfOlderServer(final String answer)
    {
        return answer.startsWith("-ERR Invalid command") || answer.startsWith("-ERR Invalid number of arguments");
    }

    /** Of a call that makes no sense it takes words for keys, and does not know what for. */
    private static boolean isGuess(final String answer)
    {
        return answer.matches("\\[[^ ,]+[,\\]].*");
    }

    /** SORT into a key that is called as an option is: Redis takes it for that one as well, SORT itself does not. */
    private static boolean isReadAgain(final List<String> call)
    {
        return String.join(" ", call).matches("(?i)sort .* store (store|get|by|limit)\\b.*");
    }

    private List<String> call(final ReferenceRows.Row row)
    {
        final List<String> words = new ArrayList<>(WORDS);
        final Matcher tokens = TOKEN.matcher(row.arguments());
        while (tokens.find())
        {
            words.add(tokens.group(1));
            words.add(tokens.group(1).toLowerCase());
        }

        final List<String> call = new ArrayList<>(List.of(row.name().split("\\|")));
        final int count = row.arity() > 0 ? row.arity() : -row.arity() + random.nextInt(7);
        while (call.size() < count)
        {
            call.add(words.get(random.nextInt(words.size())));
        }

        return call;
    }

    private static String ask(final RedisPeer redis, final List<String> call) throws Exception
    {
        final List<byte[]> request = new ArrayList<>(List.of(bytes("COMMAND"), bytes("GETKEYSANDFLAGS")));
        call.forEach((word) -> request.add(bytes(word)));
        final String[] lines = new String(redis.run(request.toArray(new byte[0][])), StandardCharsets.ISO_8859_1)
            .split("\r\n", -1);
        if (lines[0].startsWith("-"))
        {
            return lines[0];
        }

        // *n, then of each: *2 $length key *flags +flag ...
        final List<String> keys = new ArrayList<>();
        int at = 1;
        while (at < lines.length - 1)
        {
            final StringBuilder key = new StringBuilder(lines[at + 2]);
            final int flags = Integer.parseInt(lines[at + 3].substring(1));
            at += 4;
            for (int i = 0; i < flags; i++)
            {
                key.append(' ').append(lines[at++].substring(1));
            }

            keys.add(key.toString());
        }

        return keys.toString();
    }

    private String find(final CommandKeys keys, final List<String> call)
    {
        final byte[] bytes = bytes(String.join("", call));
        final long address = Memory.reserve(bytes.length + 1L);
        Memory.copy(bytes, 0, address, bytes.length);
        args.clear();
        long at = address;
        for (final String word : call)
        {
            args.add(at, word.length());
            at += word.length();
        }

        final boolean isSound = keys.find(args, found);
        Memory.release(address);
        if (!isSound && !keys.isOptional())
        {
            return "-ERR Invalid arguments specified for command";
        }

        final List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.count(); i++)
        {
            texts.add(
                call.get(found.index(i)) + " " + String.join(" ", KeyFlags.names(found.flags(i))));
        }

        return texts.toString();
    }

    private static byte[] bytes(final String word)
    {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
