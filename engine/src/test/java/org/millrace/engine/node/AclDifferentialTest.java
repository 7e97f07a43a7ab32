package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.commands.RedisPeer;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/**
 * The same random rules for users here and on the machine's redis-server: what ACL SETUSER answers, how users are shown,
 * what ACL DRYRUN says of random calls. And the users of here, told to the server in our words, are the same there.
 * Rules of commands are not compared as text: 7.2 keeps them as they were given, where 7.0 looks for the shortest.
 */
class AclDifferentialTest
{
    private static final int ROUNDS = 80 * Integer.getInteger("millrace.fuzz.factor", 1);
    private static final int CALLS = 12;

    private static final String[] COMMANDS = {
        "get", "set", "mget", "del", "publish", "subscribe", "psubscribe", "config|get", "config|set", "config",
        "select", "select|0", "SELECT|1", "sort", "bitfield", "eval", "client|id", "client", "copy", "nosuch",
        "config|nosuch", "config|get|x", "acl|whoami", "xread", "zunionstore", "object|freq", "ping", "get|a"};
    private static final String[] CATEGORIES = {
        "read", "write", "string", "keyspace", "pubsub", "admin", "fast", "slow", "dangerous", "connection", "all",
        "scripting", "nosuch"};
    private static final String[] PATTERNS = {"a", "a*", "b", "b*", "?", "*", "[ab]1", "", "a\\*", "*1"};
    private static final String[] ACCESSES = {"~", "~", "%R~", "%W~", "%RW~", "%rw~", "%WR~", "%RR~", "%Rx~", "%R",
        "%"};
    private static final String[] OTHERS = {
        "on", "off", "nopass", "resetpass", ">a", ">b", "<a", "<b", "#zz", "allkeys", "resetkeys", "allchannels",
        "resetchannels", "reset", "clearselectors", "sanitize-payload", "skip-sanitize-payload", "nonsense",
        "allcommands",
        "nocommands", "#ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
        "!ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "ON", ")", "+", "-", "+@", "~*", "&*"};
    private static final String[] CALLED = {
        "get K", "set K v", "set K v get", "mget K K", "del K K", "publish C m", "subscribe C C", "psubscribe P C",
        "unsubscribe C", "spublish C m", "ssubscribe C C", "config get x", "config set x y", "select 0", "select 1",
        "sort K", "sort K store K", "bitfield K get u8 0", "bitfield K incrby u8 0 1", "eval s 1 K", "eval s 0 K",
        "eval s 2 K K", "client id", "copy K K", "rename K K", "acl whoami", "xread streams K K 0 0",
        "zunionstore K 2 K K", "object freq K", "ping", "exists K", "type K", "hello", "auth x", "lmpop 2 K K left",
        "blmove K K left right 0", "georadius K 1 1 1 m store K", "xgroup create K g 0", "touch K", "strlen K",
        "scan 0",
        "flushall", "multi", "memory usage K", "bitop and K K K", "nosuchcommand", "get", "zrangestore K K 0 1"};

    private final SimNode node = new SimNode(
        new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1);
    private final SimPeer client = new SimPeer(node);
    private final List<String> history = new ArrayList<>();
    private Random random;
    private long seed;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAnswerAsRedisDoes(final long theSeed) throws Exception
    {
        seed = theSeed;
        random = new Random(seed);
        try (RedisPeer redis = RedisPeer.start())
        {
            for (int i = 0; i < ROUNDS; i++)
            {
                round(redis);
            }
        }
        finally
        {
            node.close();
        }
    }

    private void round(final RedisPeer redis) throws IOException
    {
        final String user = "u" + random.nextInt(3);
        compare(redis, "ACL SETUSER " + user + someRules());
        compareShown(redis, user);
        final String rules = ofUser(user);
        if (rules.isEmpty())
        {
            return;
        }

        redis.run(bytes("ACL SETUSER copy reset " + rules));
        for (int i = 0; i < CALLS; i++)
        {
            final String call = call();
            final String ours = masked(client.ask("ACL DRYRUN " + user + " " + call));
            assertEquals(masked(text(redis.run(bytes("ACL DRYRUN " + user + " " + call)))), ours, where(call));
            assertEquals(masked(text(redis.run(bytes("ACL DRYRUN copy " + call)))), ours, where("copy: " + call));
        }
    }

    private void compare(final RedisPeer redis, final String line) throws IOException
    {
        history.add(line);
        assertEquals(text(redis.run(bytes(line))), client.ask(line), where(line));
    }

    /** All but the rules of commands. */
    private void compareShown(final RedisPeer redis, final String user) throws IOException
    {
        final String line = "ACL GETUSER " + user;
        assertEquals(withoutCommands(text(redis.run(bytes(line)))), withoutCommands(client.ask(line)), where(line));
    }

    /** Nor one of the flags, which 7.0 does not show. */
    private static String withoutCommands(final String reply)
    {
        return reply.replaceFirst("flags\r\n\\*\\d", "flags")
            .replace("\r\n$16\r\nsanitize-payload", "")
            .replaceAll("(\\$8\r\ncommands\r\n)\\$\\d+\r\n[^\r]*", "$1");
    }

    /** The rules of a user in our words. */
    private String ofUser(final String user)
    {
        final String list = client.ask("ACL LIST");
        final int at = list.indexOf("user " + user + " ");
        return at < 0 ? "" : list.substring(at + 6 + user.length(), list.indexOf('\r', at));
    }

    /** 7.0 does not name the user. */
    private static String masked(final String reply)
    {
        return reply.replaceAll("^\\$\\d+\r\n", "").replaceAll("User (u\\d|copy) has", "This user has");
    }

    private String someRules()
    {
        final StringBuilder rules = new StringBuilder();
        boolean isOpen = false;
        for (int i = 1 + random.nextInt(4); i > 0; i--)
        {
            // One open parenthesis at most: behind two, 7.0 begins with the second.
            final String rule = !isOpen && 0 == random.nextInt(8) ? selector() : rule();
            isOpen |= rule.startsWith("(") && !rule.endsWith(")");
            rules.append(' ').append(rule);
        }

        return rules.toString();
    }

    private String selector()
    {
        final StringBuilder text = new StringBuilder("(");
        for (int i = random.nextInt(4); i > 0; i--)
        {
            text.append(1 == text.length() ? "" : " ").append(0 == random.nextInt(30) ? "on" : ruleOfSelector());
        }

        return text.append(0 == random.nextInt(30) ? "" : ")").toString();
    }

    private String rule()
    {
        return 0 == random.nextInt(3) ? pick(OTHERS) : ruleOfSelector();
    }

    private String ruleOfSelector()
    {
        final String sign = random.nextBoolean() ? "+" : "-";
        return switch (random.nextInt(5))
        {
            case 0, 1 -> sign + pick(COMMANDS);
            case 2 -> sign + "@" + pick(CATEGORIES);
            case 3 -> pick(ACCESSES) + pick(PATTERNS);
            default -> "&" + pick(PATTERNS);
        };
    }

    private String call()
    {
        final StringBuilder call = new StringBuilder();
        for (final String word : pick(CALLED).split(" "))
        {
            final String filled = switch (word)
            {
                case "K", "C" -> pick(new String[]{"a", "a1", "a*", "b", "b1", "c"});
                case "P" -> pick(new String[]{"a*", "b*", "*", "?", "[ab]1"});
                default -> word;
            };
            call.append(call.isEmpty() ? "" : " ").append(filled);
        }

        return call.toString();
    }

    private String pick(final String[] from)
    {
        return from[random.nextInt(from.length)];
    }

    private String where(final String line)
    {
        return "seed " + seed + ", round " + history.size() + ": " + line + "\nafter " +
            String.join("\n", history.subList(Math.max(0, history.size() - 40), history.size()));
    }

    private static byte[][] bytes(final String line)
    {
        final String[] words = line.split(" ");
        final byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++)
        {
            bytes[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
        }

        return bytes;
    }

    private static String text(final byte[] reply)
    {
        return new String(reply, StandardCharsets.ISO_8859_1);
    }
}
