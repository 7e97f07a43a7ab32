package org.millrace.embed;

import org.millrace.kit.resp.TextClient;

/** A client of a node's port, for what a program cannot ask for from within. */
final class Client
{
    private Client()
    {
    }

    /** Send a command, words separated by blanks, which must succeed. */
    static void send(final MillraceNode node, final String command)
    {
        try (TextClient client = new TextClient(node.port()))
        {
            client.ok(command.split(" "));
        }
    }
}
