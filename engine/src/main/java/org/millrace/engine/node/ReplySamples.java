package org.millrace.engine.node;

import java.util.Locale;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.resp.ReplyWriter;

/** DEBUG PROTOCOL: one reply of each type, for those who write clients. */
final class ReplySamples
{
    private static final int ELEMENTS = 3;

    private ReplySamples()
    {
    }

    static void reply(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        switch (context.argText(2).toLowerCase(Locale.ROOT))
        {
            case "string" -> reply.bulk("Hello World");
            case "integer" -> reply.integer(12345);
            case "double" -> reply.doubleText("3.141");
            case "null" -> reply.nullBulk();
            case "array" -> {
                reply.array(ELEMENTS);
                elements(reply);
            }
            case "set" -> {
                reply.set(ELEMENTS);
                elements(reply);
            }
            case "map" -> map(reply);
            case "attrib" -> attribute(reply);
            case "push" -> push(reply);
            case "true" -> reply.bool(true);
            case "false" -> reply.bool(false);
            case "verbatim" -> reply.verbatim("This is a verbatim\nstring");
            case "bignum" -> reply.bigNumber("1234567999999999999999999999999999999");
            default -> reply.error(
                "ERR Wrong protocol type name. Please use one of the following: " +
                    "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");
        }
    }

    private static void elements(final ReplyWriter reply)
    {
        for (int i = 0; i < ELEMENTS; i++)
        {
            reply.integer(i);
        }
    }

    private static void map(final ReplyWriter reply)
    {
        reply.map(ELEMENTS);
        for (int i = 0; i < ELEMENTS; i++)
        {
            reply.integer(i);
            reply.bool(1 == i);
        }
    }

    private static void attribute(final ReplyWriter reply)
    {
        if (3 == reply.version())
        {
            reply.attribute(1);
            reply.bulk("key-popularity");
            reply.array(2);
            reply.bulk("key:123");
            reply.integer(90);
        }

        reply.bulk("Some real reply following the attribute");
    }

    private static void push(final ReplyWriter reply)
    {
        if (3 != reply.version())
        {
            reply.error("ERR RESP2 is not supported by this command");
            return;
        }

        reply.push(2);
        reply.bulk("server-cpu-usage");
        reply.integer(42);
        // A push is no reply: who drops it still waits for one.
        reply.bulk("Some real reply following the push reply");
    }
}
