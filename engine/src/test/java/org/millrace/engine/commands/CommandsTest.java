package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.millrace.engine.command.CommandHarness;

/** A harness with all commands, and the assertions that the tests of handlers share. */
abstract class CommandsTest
{
    static final String OK = "+OK\r\n";
    static final String NULL = "$-1\r\n";
    static final String ZERO = ":0\r\n";
    static final String ONE = ":1\r\n";
    static final String WRONG_INTEGER = "-ERR value is not an integer or out of range\r\n";
    static final String SYNTAX = "-ERR syntax error\r\n";

    final CommandHarness harness = new CommandHarness();

    CommandsTest()
    {
        DataCommands.register(harness.table);
    }

    @AfterEach
    void close()
    {
        harness.close();
    }

    static String bulk(final String text)
    {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    static String array(final String... replies)
    {
        return "*" + replies.length + "\r\n" + String.join("", replies);
    }

    void check(final String line, final String reply)
    {
        assertEquals(reply, harness.line(line), line);
    }

    /** Run a line and compare what it put into the stream. */
    void checkStream(final String line, final String streamed)
    {
        harness.streamed();
        harness.line(line);
        assertEquals(streamed, harness.streamed(), line);
    }

    /** Run a line and compare its notifications. */
    void checkEvents(final String line, final String... events)
    {
        harness.events();
        harness.line(line);
        assertEquals(List.of(events), harness.events(), line);
    }

    /** So that the next command finds the database selected in the stream. */
    void select()
    {
        harness.line("SET selecting 1");
        harness.line("DEL selecting");
        harness.streamed();
        harness.events();
    }
}
