package org.millrace.engine.acl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandTable;

/** Rules as they are given and as a user is shown afterwards: what Redis 7.2 and Valkey 8 say. */
class AclRulesTest
{
    private static final String HASH_OF_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    private static final String NEW = "off sanitize-payload resetchannels -@all";

    private final CommandTable table = new CommandTable();
    private boolean hasAllChannels;
    private Users users;

    @BeforeEach
    void fill()
    {
        table.add("get", 2, CommandFlags.READONLY | CommandFlags.FAST, Category.STRING, null);
        table.add("set", -3, CommandFlags.WRITE, Category.STRING, null);
        table.add("select", 2, CommandFlags.FAST, Category.CONNECTION, null);
        table.add("config", -2, 0, 0, null)
            .sub("get", -3, CommandFlags.ADMIN, 0, null)
            .sub("set", -4, CommandFlags.ADMIN, 0, null);
        users = new Users(table, () -> hasAllChannels);
        users.begin();
    }

    @AfterEach
    void close()
    {
        table.close();
    }

    /** How a new user is shown after these rules. */
    private String shown(final String... rules)
    {
        final User user = users.fresh("u");
        for (final String rule : rules)
        {
            assertNull(users.rules().apply(user, rule), rule);
        }

        return user.text();
    }

    private void assertShown(final String expected, final String... rules)
    {
        assertEquals("off sanitize-payload " + expected, shown(rules));
    }

    private void assertRefused(final RuleError error, final String... rules)
    {
        final User user = users.fresh("u");
        for (final String rule : List.of(rules).subList(0, rules.length - 1))
        {
            assertNull(users.rules().apply(user, rule), rule);
        }

        final String before = user.text();
        assertEquals(error, users.rules().apply(user, rules[rules.length - 1]));
        assertEquals(before, user.text());
    }

    @Test
    void shouldMakeUsersThatMayNothing()
    {
        assertEquals(NEW, shown());
        hasAllChannels = true;
        assertEquals("off sanitize-payload &* -@all", shown());
        assertEquals("on nopass sanitize-payload ~* &* +@all", users.defaultUser().text());
    }

    @Test
    void shouldShowRulesOfCommandsInTheirOrder()
    {
        assertShown("resetchannels -@all +get", "+GET");
        assertShown("resetchannels -@all +get -set", "+get", "-set");
        assertShown("resetchannels -@all +set +get", "+get", "+set", "+get");
        assertShown("resetchannels -@all -get", "+get", "-get");
        assertShown("resetchannels +@all -get", "+@all", "-get");
        assertShown("resetchannels +@all", "-get", "allcommands");
        assertShown("resetchannels -@all", "+get", "nocommands");
        assertShown("resetchannels -@all +@read -get", "+@Read", "-get");
        assertShown("resetchannels -@all +@read +@write +@read".replaceFirst(" \\+@read", ""), "+@read", "+@write",
            "+@read");
    }

    @Test
    void shouldDropRulesOfSubcommandsBehindOneOfTheirCommand()
    {
        assertShown("resetchannels -@all +config", "+config|get", "+config|set", "+config");
        assertShown("resetchannels -@all -config", "+config|get", "-config");
        assertShown("resetchannels -@all +config -config|set", "+config", "-config|set");
        assertShown("resetchannels -@all +select", "+select|0", "+select");
    }

    @Test
    void shouldAllowFirstArgumentsOfCommandsWithoutSubcommands()
    {
        assertShown("resetchannels -@all +select|0 +select|1", "+select|0", "+SELECT|1");
        assertRefused(RuleError.UNKNOWN_COMMAND, "-select|0");
        assertRefused(RuleError.ARGUMENT_OF_SUBCOMMAND, "+config|get|appendonly");
        assertRefused(RuleError.UNKNOWN_COMMAND, "+config|get|append|only");
        assertRefused(RuleError.UNKNOWN_COMMAND, "+config|never");
        assertRefused(RuleError.SYNTAX, "+select|");
        assertRefused(RuleError.SYNTAX, "+config|");
    }

    @Test
    void shouldKnowCommandsOfRedisThatAreNotHeld()
    {
        assertShown("resetchannels +@all -failover -client|tracking", "+@all", "-failover", "-client|tracking");
        assertRefused(RuleError.UNKNOWN_COMMAND, "+neverheardof");
        assertRefused(RuleError.UNKNOWN_COMMAND, "+@neverheardof");
        assertRefused(RuleError.UNKNOWN_COMMAND, "+");
        assertRefused(RuleError.UNKNOWN_COMMAND, "+@");
    }

    @Test
    void shouldAddUpWhatAPatternOfKeysAllows()
    {
        assertShown("~a resetchannels -@all", "%R~a", "%W~a");
        assertShown("~a resetchannels -@all", "%Rw~a");
        assertShown("%R~a %W~b ~c resetchannels -@all", "%r~a", "%W~b", "~c");
        assertShown("~ resetchannels -@all", "~");
        assertShown("~* resetchannels -@all", "~a", "allkeys");
        assertShown("~* resetchannels -@all", "%RW~*");
        assertShown("resetchannels -@all", "~a", "resetkeys");
    }

    @Test
    void shouldRefusePatternsThatMakeNoSense()
    {
        assertRefused(RuleError.SYNTAX, "%~a");
        assertRefused(RuleError.SYNTAX, "%RR~a");
        assertRefused(RuleError.SYNTAX, "%X~a");
        assertRefused(RuleError.SYNTAX, "%Ra");
        assertShown("%R~ resetchannels -@all", "%R");
        assertRefused(RuleError.SYNTAX, "%");
        assertRefused(RuleError.SYNTAX, "~a b");
        assertRefused(RuleError.SYNTAX, "&a\0");
        assertRefused(RuleError.AFTER_ALL_KEYS, "allkeys", "~a");
        assertRefused(RuleError.AFTER_ALL_KEYS, "~*", "%R~a");
        assertRefused(RuleError.AFTER_ALL_CHANNELS, "&*", "&a");
        assertRefused(RuleError.SYNTAX, "nonsense");
        assertRefused(RuleError.SYNTAX, ")");
    }

    @Test
    void shouldShowChannels()
    {
        assertShown("resetchannels &a &b -@all", "&a", "&b", "&a");
        assertShown("&* -@all", "&a", "allchannels");
        assertShown("resetchannels -@all", "&*", "resetchannels");
    }

    @Test
    void shouldKeepPasswordsAsHashes()
    {
        assertEquals("off sanitize-payload #" + HASH_OF_A + " resetchannels -@all", shown(">a", "#" + HASH_OF_A));
        assertEquals("off nopass sanitize-payload resetchannels -@all", shown(">a", "nopass"));
        assertEquals("off sanitize-payload #" + HASH_OF_A + " resetchannels -@all", shown("nopass", ">a"));
        assertEquals(NEW, shown(">a", "<a"));
        assertEquals(NEW, shown(">a", "!" + HASH_OF_A));
        assertEquals(NEW, shown("nopass", "resetpass"));
        assertRefused(RuleError.NO_SUCH_PASSWORD, ">a", "<b");
        assertRefused(RuleError.NOT_A_HASH, "#" + HASH_OF_A.toUpperCase(java.util.Locale.ROOT));
        assertRefused(RuleError.NOT_A_HASH, "#ca97");
        assertRefused(RuleError.NOT_A_HASH, "!" + HASH_OF_A + "0");
    }

    @Test
    void shouldHaveSelectors()
    {
        assertShown("resetchannels -@all (~a resetchannels -@all +get) (%W~b resetchannels &c -@all)",
            "(+get ~a)", "(  %W~b &c )");
        assertShown("resetchannels -@all (resetchannels -@all)", "()");
        assertShown("resetchannels -@all", "(+get)", "clearselectors");
        assertShown("resetchannels -@all (~a resetchannels -@all +get)", "(~\"a\" '+get')");
        assertShown("resetchannels -@all (resetchannels -@all)", "(~\"a +get)");
        assertRefused(RuleError.SYNTAX, "(nonsense)");
        assertRefused(RuleError.UNKNOWN_COMMAND, "(+get +neverheardof)");
        assertRefused(RuleError.SYNTAX, "(on)");
        assertRefused(RuleError.SYNTAX, "(+get");
    }

    @Test
    void shouldForgetAllByReset()
    {
        assertEquals(NEW, shown("on", ">a", "~*", "&*", "+@all", "(+get)", "skip-sanitize-payload", "reset"));
    }

    @Test
    void shouldPutTogetherWhatParenthesesHold()
    {
        assertNull(users.set("u", List.of("(+get", "~a)", "on")));
        assertEquals("on sanitize-payload resetchannels -@all (~a resetchannels -@all +get)", users.find("u").text());
        assertEquals("Unmatched parenthesis in acl selector starting at '(+get'.",
            users.set("u", List.of("on", "(+get", "~a")));
    }

    @Test
    void shouldChangeAllOrNothing()
    {
        assertNull(users.set("u", List.of("on", "+get")));
        assertEquals(
            "Error in ACL SETUSER modifier '+nope': Unknown command or category name in ACL",
            users.set("u", List.of("off", "-get", "+nope")));
        assertEquals("on sanitize-payload resetchannels -@all +get", users.find("u").text());
        assertEquals("Error in ACL SETUSER modifier 'x': Syntax error", users.set("v", List.of("on", "x")));
        assertNull(users.find("v"));
    }

    @Test
    void shouldLoadWhatItShows()
    {
        final String text = shown(
            "on", ">a", "%R~a:*", "~b", "&c", "+@read", "-get", "+select|0", "(+set ~*)", "skip-sanitize-payload");
        final User again = users.fresh("u");
        final List<String> merged = new java.util.ArrayList<>();
        assertEquals(-1, AclRules.merge(List.of(text.split(" ")), merged));
        merged.forEach((rule) -> assertNull(users.rules().apply(again, rule), rule));
        assertEquals(text, again.text());
    }
}
