package org.millrace.io.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.millrace.kit.Await;

/** Users from files: a node that begins with others than were meant does not begin, and what is saved comes back. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class UsersAtStartTest
{
    private static final String DEFAULT = "user default on nopass sanitize-payload ~* &* +@all";

    @RegisterExtension
    final Servers servers = new Servers();

    @Test
    void shouldNotStartWithABadFile() throws IOException
    {
        final String work = servers.directory();
        Files.writeString(Path.of(work, "users.acl"), DEFAULT + "\nuser u on +nope\n");
        final Server server = servers.launch().usual().arguments("--dir", work, "--aclfile", "users.acl").begin();

        assertEquals(1, server.awaitEnd());
        assertTrue(
            server.log().contains("Aborting Redis startup because of ACL errors: users.acl:2: Error in applying " +
                "operation '+nope'"),
            server::log);
    }

    @Test
    void shouldSaveAndLoadUsers() throws IOException
    {
        final String work = servers.directory();
        final Path file = Path.of(work, "users.acl");
        Files.writeString(file, "user boss on >b ~* &* +@all\nuser default off\n");
        final String[] arguments = {"--dir", work, "--aclfile", "users.acl", "--save", ""};
        final Server server = servers.launch().usual().arguments(arguments).begin();
        server.awaitLog("Ready to accept connections");
        assertTrue(server.client().error("PING").startsWith("NOAUTH"));
        server.client().ok("AUTH", "boss", "b");
        server.client().ok("ACL", "SETUSER", "replica", "on", ">r", "+psync", "+replconf", "+ping");
        server.client().ok("ACL", "SAVE");
        final List<?> users = server.client().list("ACL", "LIST");
        assertEquals(users, Files.readAllLines(file));

        final Server replica = servers.launch().usual().arguments(
            "--replicaof", "127.0.0.1", Integer.toString(server.port()), "--masteruser", "replica", "--masterauth", "r")
            .start();
        Await.until("the link", 30, () -> "up".equals(replica.info("replication").get("master_link_status")));
        assertTrue(server.client().text("CLIENT", "LIST", "TYPE", "replica").contains(" user=replica "));

        Files.writeString(file, "user boss on +nope\n");
        assertTrue(
            server.client().error("ACL", "LOAD").startsWith("ERR users.acl:1: Error in applying operation '+nope'"));
        assertEquals(users, server.client().list("ACL", "LIST"));
    }

    @Test
    void shouldWriteUsersIntoTheConfiguration() throws IOException
    {
        final String work = servers.directory();
        final Path file = Path.of(work, "a.conf");
        Files.writeString(file, "user u on >p +get ~a\nsave \"\"\n");
        final Server first = servers.launch().arguments(file.toString()).usual().start();
        first.client().ok("ACL", "SETUSER", "u", "+set", "(+del ~b)");
        first.client().ok("CONFIG", "REWRITE");
        final List<?> users = first.client().list("ACL", "LIST");
        assertTrue(Files.readAllLines(file).containsAll(users.stream().map(Object::toString).toList()));
        first.shutdown("NOSAVE");

        final Server second = servers.launch().arguments(file.toString()).usual().start();
        assertEquals(users, second.client().list("ACL", "LIST"));
    }
}
