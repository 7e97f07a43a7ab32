package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** What clients of users who may not do everything are answered, wherever their commands run. */
class UsersTest
{
    private static final String OK = "+OK\r\n";
    private static final String QUEUED = "+QUEUED\r\n";
    private static final String NO_KEY = "-NOPERM No permissions to access a key\r\n";
    private static final String NO_CHANNEL = "-NOPERM No permissions to access a channel\r\n";

    private final SimClock clock = new SimClock(1_700_000_000_000L);
    private final SimNode node = new SimNode(new SimNetwork(1), clock, 6379, new SimNode.Disk(), 1);
    private final SimPeer admin = new SimPeer(node);
    private final SimPeer client = new SimPeer(node);

    @AfterEach
    void close()
    {
        node.close();
        assertEquals(-1, node.exitCode);
    }

    /** The client is a user with these rules. */
    private void become(final String rules)
    {
        assertEquals(OK, admin.ask("ACL SETUSER u on >p " + rules));
        assertEquals(OK, client.ask("AUTH u p"));
    }

    private static String denied(final String command)
    {
        return "-NOPERM User u has no permissions to run the '" + command + "' command\r\n";
    }

    private static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    @Test
    void shouldLetInWithTheRightPasswordOnly()
    {
        admin.ask("ACL SETUSER u >p >q +@all");
        final String wrong = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

        assertEquals(wrong, client.ask("AUTH u p"));
        admin.ask("ACL SETUSER u on");
        assertEquals(wrong, client.ask("AUTH u r"));
        assertEquals(wrong, client.ask("AUTH v p"));
        assertEquals(bulk("default"), client.ask("ACL WHOAMI"));
        assertEquals(OK, client.ask("AUTH u q"));
        assertEquals(bulk("u"), client.ask("ACL WHOAMI"));
        assertEquals("+RESET\r\n", client.ask("RESET"));
        assertEquals(bulk("default"), client.ask("ACL WHOAMI"));
        assertTrue(client.ask("HELLO 2 AUTH u p").startsWith("*14"));
        assertEquals(bulk("u"), client.ask("ACL WHOAMI"));
        assertTrue(admin.ask("INFO stats").contains("acl_access_denied_auth:3\r\n"));
    }

    @Test
    void shouldAskNobodyForAPasswordWhoIsNotToHaveOne()
    {
        admin.ask("ACL SETUSER default resetpass >x");
        final SimPeer late = new SimPeer(node);
        assertEquals("-NOAUTH Authentication required.\r\n", late.ask("PING"));
        assertEquals("+PONG\r\n", client.ask("PING"));
        admin.ask("ACL SETUSER default nopass");
        assertEquals("+PONG\r\n", late.ask("PING"));
        admin.ask("ACL SETUSER default off");
        assertEquals("-NOAUTH Authentication required.\r\n", late.ask("PING"));
        assertEquals("+PONG\r\n", client.ask("PING"));
    }

    @Test
    void shouldKeepPasswordsWhenConfigSetIsTakenBack()
    {
        try (SimNode durable = new SimNode(new SimNetwork(1), clock, 6380, new SimNode.Disk(), 2, "appendonly", "yes"))
        {
            SimPeer.rest(durable);
            final SimPeer first = new SimPeer(durable);
            first.ask("ACL SETUSER default resetpass >x");
            final String before = first.ask("ACL LIST");
            // A log that is on refuses another name of the file.
            final String refusal = first.ask("CONFIG SET requirepass y dbfilename other.rdb");
            assertTrue(refusal.startsWith("-ERR CONFIG SET failed"), refusal);
            assertEquals(before, first.ask("ACL LIST"));
            assertEquals("-NOAUTH Authentication required.\r\n", new SimPeer(durable).ask("PING"));
        }
    }

    /** What is checked is what runs, where words of options stand among names. */
    @Test
    void shouldDenyKeysThatStandBehindOthers()
    {
        become("+@all ~app:* ~by ~STREAMS");
        client.ask("GEOADD app:g 1 1 m");
        client.ask("RPUSH app:l 1");
        admin.ask("XGROUP CREATE secret:x STREAMS 0 MKSTREAM");
        assertEquals(":1\r\n", client.ask("GEORADIUS app:g 1 1 100 km STOREDIST app:a STORE app:b"));
        assertEquals(":0\r\n", client.ask("EXISTS app:a"));
        assertEquals(":1\r\n", client.ask("SORT app:l STORE by"));

        assertEquals(NO_KEY, client.ask("GEORADIUS app:g 1 1 100 km STORE app:x STORE secret"));
        assertEquals(NO_KEY, client.ask("GEORADIUS app:g 1 1 100 km STOREDIST app:x COUNT 1 STOREDIST secret"));
        assertEquals(NO_KEY, client.ask("GEORADIUSBYMEMBER app:g m 100 km STORE app:x STORE secret"));
        assertEquals(NO_KEY, client.ask("SORT app:l STORE by STORE secret"));
        assertEquals(NO_KEY, client.ask("XREADGROUP COUNT 1 GROUP STREAMS app:c STREAMS secret:x >"));
        assertEquals(":0\r\n", admin.ask("EXISTS secret"));
    }

    @Test
    void shouldDenyCommandsKeysAndChannels()
    {
        become("+get +set +publish +config|get +select|0 %R~r:* ~w:* &c*");

        assertEquals("$-1\r\n", client.ask("GET r:1"));
        assertEquals(NO_KEY, client.ask("GET x:1"));
        assertEquals(NO_KEY, client.ask("SET r:1 v"));
        assertEquals(OK, client.ask("SET w:1 v"));
        assertEquals(denied("del"), client.ask("DEL w:1"));
        assertEquals(denied("config|set"), client.ask("CONFIG SET maxmemory 0"));
        assertTrue(client.ask("CONFIG GET maxmemory").startsWith("*2"));
        assertEquals(OK, client.ask("SELECT 0"));
        assertEquals(denied("select"), client.ask("SELECT 1"));
        assertEquals(":0\r\n", client.ask("PUBLISH cat m"));
        assertEquals(NO_CHANNEL, client.ask("PUBLISH dog m"));
        assertEquals("-ERR wrong number of arguments for 'get' command\r\n", client.ask("GET"));
        final String stats = admin.ask("INFO stats");
        assertTrue(stats.contains("acl_access_denied_cmd:3\r\n"), stats);
        assertTrue(stats.contains("acl_access_denied_key:2\r\n"), stats);
        assertTrue(stats.contains("acl_access_denied_channel:1\r\n"), stats);
    }

    @Test
    void shouldWantAllOfACallInOneSelector()
    {
        become("+get ~a (+set ~b)");

        assertEquals("$-1\r\n", client.ask("GET a"));
        assertEquals(OK, client.ask("SET b v"));
        assertEquals(NO_KEY, client.ask("GET b"));
        assertEquals(NO_KEY, client.ask("SET a v"));
    }

    @Test
    void shouldChangeTheRightsOfWhoIsConnected()
    {
        become("+@all ~*");
        assertEquals(OK, client.ask("SET k v"));
        admin.ask("ACL SETUSER u -set");
        assertEquals(denied("set"), client.ask("SET k v"));
        assertEquals(bulk("v"), client.ask("GET k"));
        admin.ask("ACL SETUSER u resetkeys");
        assertEquals(NO_KEY, client.ask("GET k"));
    }

    @Test
    void shouldCheckWhatIsQueuedTwice()
    {
        become("+@all ~a");
        assertEquals(OK, client.ask("MULTI"));
        assertEquals(NO_KEY, client.ask("SET b v"));
        assertEquals("-EXECABORT Transaction discarded because of previous errors.\r\n", client.ask("EXEC"));

        assertEquals(OK, client.ask("MULTI"));
        assertEquals(QUEUED, client.ask("SET a v"));
        assertEquals(QUEUED, client.ask("PING"));
        admin.ask("ACL SETUSER u resetkeys");
        assertEquals(
            "*2\r\n-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC " +
                "call. This command is no longer allowed for the following reason: no permission to touch the specified " +
                "keys\r\n+PONG\r\n",
            client.ask("EXEC"));
    }

    @Test
    void shouldCheckAgainWhoWasBlocked()
    {
        become("+@all ~*");
        client.tell("BLPOP l 0");
        SimPeer.rest(node);
        admin.ask("ACL SETUSER u -blpop");
        admin.ask("RPUSH l x");

        assertEquals(denied("blpop"), client.await());
        assertEquals(":1\r\n", admin.ask("LLEN l"));
    }

    @Test
    void shouldEndConnectionsOfUsersWhoGo()
    {
        become("+@all ~*");
        assertEquals(":1\r\n", admin.ask("ACL DELUSER u nobody"));
        SimPeer.rest(node);
        assertTrue(client.socket.isEnded());
        assertEquals("-ERR The 'default' user cannot be removed\r\n", admin.ask("ACL DELUSER default"));

        final SimPeer self = new SimPeer(node);
        admin.ask("ACL SETUSER s on nopass +@all");
        self.ask("AUTH s x");
        self.ask("MULTI");
        self.ask("ACL DELUSER s");
        self.ask("ACL WHOAMI");
        assertEquals("*2\r\n:1\r\n" + bulk("s"), self.ask("EXEC"));
        assertTrue(self.socket.isEnded());
    }

    @Test
    void shouldEndReplicasOfUsersWhoGo()
    {
        become("+psync +replconf +ping +sync");
        client.ask("PSYNC ? -1");
        assertTrue(admin.ask("CLIENT LIST TYPE replica").contains(" user=u "));
        assertEquals(":0\r\n", admin.ask("CLIENT KILL USER default SKIPME yes"));
        admin.ask("ACL DELUSER u");
        SimPeer.rest(node);
        client.socket.receive();
        assertTrue(client.socket.isEnded());
    }

    @Test
    void shouldEndConnectionsThatListenToWhatTheyNoLongerMay()
    {
        become("+@all &a &b*");
        client.ask("SUBSCRIBE a");
        client.ask("PSUBSCRIBE b*");
        admin.ask("ACL SETUSER u &c");
        SimPeer.rest(node);
        assertFalse(client.socket.isEnded());
        admin.ask("ACL SETUSER u resetchannels &a &b");
        SimPeer.rest(node);
        assertTrue(client.socket.isEnded());
    }

    @Test
    void shouldSortByOtherKeysOnlyForWhoMayReadAll()
    {
        admin.ask("RPUSH l 2 1");
        become("+sort ~l");
        assertEquals("-ERR BY option of SORT denied due to insufficient ACL permissions.\r\n",
            client.ask("SORT l BY w_*"));
        assertEquals("-ERR GET option of SORT denied due to insufficient ACL permissions.\r\n",
            client.ask("SORT l GET x_*"));
        assertTrue(client.ask("SORT l BY nosort").startsWith("*2"));
        admin.ask("ACL SETUSER u (+sort %R~*)");
        assertTrue(client.ask("SORT l BY w_* GET x_*").startsWith("*2"));
    }

    @Test
    void shouldNoteWhatWasDenied()
    {
        become("+get +multi +exec ~a");
        client.ask("GET b");
        client.ask("GET b");
        client.ask("SET b v");
        client.ask("AUTH u wrong");
        client.ask("MULTI");
        client.ask("SET b v");

        final String log = admin.ask("ACL LOG");
        assertTrue(
            log.startsWith("*4\r\n*20\r\n$5\r\ncount\r\n:1\r\n$6\r\nreason\r\n$7\r\ncommand\r\n$7\r\ncontext\r\n" +
                "$5\r\nmulti\r\n$6\r\nobject\r\n$3\r\nset\r\n$8\r\nusername\r\n$1\r\nu\r\n$11\r\nage-seconds\r\n"),
            log);
        assertTrue(log.contains("auth\r\n$7\r\ncontext\r\n$8\r\ntoplevel\r\n$6\r\nobject\r\n$4\r\nAUTH\r\n"), log);
        assertTrue(log.contains("count\r\n:2\r\n$6\r\nreason\r\n$3\r\nkey\r\n$7\r\ncontext\r\n$8\r\ntoplevel\r\n"),
            log);
        assertTrue(log.contains(" user=u "), log);
        assertEquals(OK, admin.ask("ACL LOG RESET"));
        assertEquals("*0\r\n", admin.ask("ACL LOG"));
    }

    @Test
    void shouldTellWithoutRunning()
    {
        admin.ask("ACL SETUSER u +set ~a");

        assertEquals(OK, admin.ask("ACL DRYRUN u SET a v"));
        assertEquals(bulk("User u has no permissions to access the 'b' key"), admin.ask("ACL DRYRUN u SET b v"));
        assertEquals(bulk("User u has no permissions to run the 'get' command"), admin.ask("ACL DRYRUN u GET a"));
        assertEquals("-ERR User 'x' not found\r\n", admin.ask("ACL DRYRUN x GET a"));
        assertEquals("-ERR Command 'x' not found\r\n", admin.ask("ACL DRYRUN u x"));
        assertEquals("-ERR wrong number of arguments for 'get' command\r\n", admin.ask("ACL DRYRUN u GET"));
        assertEquals(":0\r\n", admin.ask("EXISTS a"));
    }

    @Test
    void shouldShowUsers()
    {
        admin.ask("ACL SETUSER u on nopass ~a &c +get (+set ~b)");

        assertEquals(
            "*12\r\n$5\r\nflags\r\n*3\r\n$2\r\non\r\n$6\r\nnopass\r\n$16\r\nsanitize-payload\r\n$9\r\npasswords\r\n" +
                "*0\r\n$8\r\ncommands\r\n$10\r\n-@all +get\r\n$4\r\nkeys\r\n$2\r\n~a\r\n$8\r\nchannels\r\n$2\r\n&c\r\n" +
                "$9\r\nselectors\r\n*1\r\n*6\r\n$8\r\ncommands\r\n$10\r\n-@all +set\r\n$4\r\nkeys\r\n$2\r\n~b\r\n" +
                "$8\r\nchannels\r\n$0\r\n\r\n",
            admin.ask("ACL GETUSER u"));
        assertEquals("*2\r\n" + bulk("default") + bulk("u"), admin.ask("ACL USERS"));
        assertEquals("*2\r\n" + bulk("user default on nopass sanitize-payload ~* &* +@all") +
            bulk("user u on nopass sanitize-payload ~a resetchannels &c -@all +get (~b resetchannels -@all +set)"),
            admin.ask("ACL LIST"));
        assertEquals("$-1\r\n", admin.ask("ACL GETUSER v"));
    }

    @Test
    void shouldKeepReaderThreadsFromAnsweringWhoHasLostRights()
    {
        for (final String change : new String[]{"ACL SETUSER u -get", "ACL DELUSER u"})
        {
            final SimNode other = new SimNode(
                new SimNetwork(1), new SimClock(1_700_000_000_000L), 6379, new SimNode.Disk(), 1, "reader-threads",
                "1");
            final SimPeer boss = new SimPeer(other);
            final SimPeer reader = new SimPeer(other);
            boss.ask("SET k v");
            boss.ask("ACL SETUSER u on nopass ~* &* +@all");
            reader.ask("AUTH u x");
            assertEquals(bulk("v"), reader.ask("GET k"));
            SimPeer.rest(other);
            assertEquals(bulk("v"), reader.ask("GET k"));

            // It stands in the socket before the change, and is read behind it.
            reader.tell("GET k");
            assertTrue(boss.ask(change).startsWith(change.contains("DEL") ? ":1" : OK));
            SimPeer.rest(other);
            final String answer = reader.socket.receive();
            assertTrue(answer.isEmpty() || answer.equals(denied("get")), change + ": " + answer);
            if (change.contains("DEL"))
            {
                assertTrue(reader.socket.isEnded());
            }
            else
            {
                assertEquals(denied("get"), answer);
                assertEquals("+PONG\r\n", reader.ask("PING"));
                boss.ask("ACL SETUSER u allcommands");
                assertEquals(bulk("v"), reader.ask("GET k"));
            }

            other.close();
        }
    }
}
