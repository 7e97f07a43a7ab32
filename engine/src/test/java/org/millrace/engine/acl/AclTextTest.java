package org.millrace.engine.acl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.SilentLog;

/** ACL files and user lines: the words of errors are those of Redis 7.0 and Valkey 8 for the same text. */
class AclTextTest
{
    private static final String END = "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";
    private static final String DEFAULT = "user default on nopass sanitize-payload ~* &* +@all";

    private final CommandTable table = new CommandTable();
    private final Config config = Config.inMemory();
    private final Map<String, String> files = new HashMap<>();
    private final List<String> deleted = new ArrayList<>();
    private final Users users = new Users(table, () -> false);
    private final AclFile file = new AclFile(config, new Store(), users, new SilentLog());

    private final class Store implements AclStore
    {
        @Override
        public String read(final String path) throws IOException
        {
            if (!files.containsKey(path))
            {
                throw new IOException("No such file or directory");
            }

            return files.get(path);
        }

        @Override
        public void write(final String path, final String text) throws IOException
        {
            if (path.contains("full"))
            {
                throw new IOException("No space left on device");
            }

            files.put(path, text);
        }
    }

    private final class Listener implements UserListener
    {
        @Override
        public void onDeleted(final User user)
        {
            deleted.add(user.name());
        }

        @Override
        public void onChanged(final User user)
        {
            // Not of interest.
        }

        @Override
        public void onChannelsLost(final User user)
        {
            // Not of interest.
        }
    }

    @BeforeEach
    void fill()
    {
        table.add("get", 2, CommandFlags.READONLY | CommandFlags.FAST, Category.STRING, null);
        table.add("set", -3, CommandFlags.WRITE, Category.STRING, null);
        users.begin();
    }

    @AfterEach
    void close()
    {
        table.close();
    }

    private void use(final String name) throws ConfigException
    {
        config.load(ConfigOption.ACLFILE, List.of(name));
    }

    private String load(final String text) throws ConfigException
    {
        use("users.acl");
        files.put("/users.acl", text);
        return file.load();
    }

    @Test
    void shouldPutItsUsersInPlaceOfAll() throws ConfigException
    {
        users.set("old", List.of("on"));
        users.listener(new Listener());
        final User old = users.find("old");
        final User first = users.defaultUser();

        assertNull(load("user a on +get\r\n\tuser b on ~k +set\t\n\n"));
        assertEquals(List.of(
            "user a on sanitize-payload resetchannels -@all +get",
            "user b on sanitize-payload ~k resetchannels -@all +set",
            DEFAULT), users.lines());
        assertEquals(List.of("old"), deleted);
        assertNull(users.find(old.name()));
        assertEquals(first, users.defaultUser());
    }

    @Test
    void shouldTellAllThatIsWrongAndChangeNothing() throws ConfigException
    {
        users.set("kept", List.of("on"));

        final String error = load("""
            user default on nopass ~* &* +@all

            # comment
            user a on +nope -alsonope #12 ~* ~a nonsense
              user   b   on  +get \s
            user a off
            user
            usr c on
            User d on
            user f (+get ~a) (+nope)
            user g "quoted
            user h (+get ~a
            """);

        assertEquals("users.acl:3 should start with user keyword followed by the username. users.acl:4: Error in " +
            "applying operation '+nope': Unknown command or category name in ACL. users.acl:4: Error in applying " +
            "operation '-alsonope': Unknown command or category name in ACL. users.acl:4: The password hash must be " +
            "exactly 64 characters and contain only lowercase hexadecimal characters. users.acl:5: Syntax error. " +
            "WARNING: Duplicate user 'a' found on line 6. users.acl:7 should start with user keyword followed by the " +
            "username. users.acl:8 should start with user keyword followed by the username. users.acl:9 should start " +
            "with user keyword followed by the username. users.acl:10: Error in applying operation '(+nope)': Unknown " +
            "command or category name in ACL. users.acl:11: Syntax error. users.acl:12: Unmatched parenthesis in " +
            "selector definition. " + END, error);
        assertEquals(List.of(DEFAULT, "user kept on sanitize-payload resetchannels -@all"), users.lines());
    }

    @Test
    void shouldSayWhyThereIsNoFile() throws ConfigException
    {
        use("none.acl");
        assertEquals("Error loading ACLs, opening file 'none.acl': No such file or directory", file.load());
        use("full.acl");
        assertEquals("There was an error trying to save the ACLs. Please check the server logs for more information",
            file.save());
    }

    @Test
    void shouldSaveWhatItLoads() throws ConfigException
    {
        users.set("u", List.of("on", ">p", "%R~a", "&c", "+@read", "-get", "(+set", "~b)"));
        final List<String> lines = users.lines();
        use("users.acl");

        assertNull(file.save());
        assertEquals(String.join("\n", lines) + "\n", files.get("/users.acl"));
        users.delete("u");
        assertNull(file.load());
        assertEquals(lines, users.lines());
    }

    @Test
    void shouldStartWithUsersOfTheConfiguration() throws ConfigException
    {
        config.load(ConfigOption.REQUIREPASS, List.of("p"));
        config.load(ConfigOption.USER, List.of("u", "on", "(+get", "~a)"));
        AclStart.load(config, users, file, new SilentLog());

        assertEquals("user u on sanitize-payload resetchannels -@all (~a resetchannels -@all +get)",
            users.lines().get(1));
        assertNull(users.admit("default", new byte[]{'q'}));
        assertEquals(users.defaultUser(), users.admit("default", new byte[]{'p'}));

        config.load(ConfigOption.USER, List.of("default", "on", "nopass", "+get"));
        AclStart.load(config, users, file, new SilentLog());
        assertEquals("user default on nopass sanitize-payload resetchannels -@all +get", users.lines().get(0));
    }

    @Test
    void shouldNotStartWithUsersThatAreWrong() throws ConfigException
    {
        assertRefused("Error loading ACLs: Unknown command or category name in ACL. '+nope'", "u", "+nope");
        assertRefused("Error loading ACLs: Syntax error. 'u v'", "u v", "on");
        use("none.acl");
        config.users().clear();
        assertRefused("Configuring Redis with users defined in redis.conf and at the same", "u", "on");
        config.users().clear();
        assertTrue(assertThrows(AclException.class, () -> AclStart.load(config, users, file, new SilentLog()))
            .getMessage()
            .startsWith("Aborting Redis startup because of ACL errors: Error loading ACLs, opening file 'none.acl'"));
        assertEquals(List.of(DEFAULT), users.lines());
    }

    private void assertRefused(final String expected, final String... line) throws ConfigException
    {
        config.users().clear();
        config.load(ConfigOption.USER, List.of(line));
        final String message = assertThrows(
            AclException.class, () -> AclStart.load(config, users, file, new SilentLog())).getMessage();
        assertTrue(message.startsWith(expected), message);
    }
}
