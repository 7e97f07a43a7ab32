package org.millrace.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.commands.DataCommands;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyTooLongException;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Commands that run commands, by two that do nothing else: ALL runs what stands between semicolons and lets it answer
 * the client; VALUE runs one and gives its reply as a string, as a script has it.
 */
class NestedExecutionTest
{
    private static final int RUNS = 5_000;

    private final CommandHarness harness = new CommandHarness();
    private final Ticks clock = new Ticks();
    private final Notes notes = new Notes();
    private final CommandExecutor executor = harness.executor(notes, clock);
    private final ReplyCapture[] captures = new ReplyCapture[FrameStack.DEPTH_MAX];
    private final ArgVector[] inner = new ArgVector[FrameStack.DEPTH_MAX];
    private int depth;

    @BeforeEach
    void register()
    {
        for (int i = 0; i < inner.length; i++)
        {
            inner[i] = new ArgVector();
            captures[i] = new ReplyCapture();
        }

        DataCommands.register(harness.table);
        harness.table.add("all", -2, 0, Category.NONE, this::all);
        harness.table.add("value", -2, 0, Category.NONE, this::value);
        harness.table.add("alone", 1, CommandFlags.NO_MULTI, Category.NONE, (context) -> context.reply().ok());
        harness.table.add("socket", 1, CommandFlags.TAKES_SOCKET, Category.NONE, (context) -> context.reply().ok());
        harness.table.add(
            "nested", 1, 0, Category.NONE, (context) -> context.reply().integer(context.isNested() ? 1 : 0));
        harness.table.add("wait", 1, 0, Category.NONE, (context) -> context.block(null));
        harness.table.add("time", 1, 0, Category.NONE, (context) ->
        {
            clock.ns += 5_000_000;
            context.reply().integer(context.nowMs() - CommandHarness.START_MS);
        });
        harness.table.add("throw", 1, 0, Category.NONE, NestedExecutionTest::fail);
        harness.table.add("allwrite", -2, CommandFlags.WRITE, Category.NONE, this::all);
    }

    @AfterEach
    void close()
    {
        for (final ReplyCapture capture : captures)
        {
            capture.close();
        }

        harness.close();
    }

    private static void fail(final CommandContext context)
    {
        throw new IllegalStateException("planted");
    }

    private void all(final CommandContext context)
    {
        final ArgVector command = inner[depth++];
        final ArgVector args = context.args();
        command.clear();
        for (int i = 1; i <= args.count(); i++)
        {
            if (i == args.count() || args.is(i, ";"))
            {
                executor.callWithin(context, context.session(), executor.resolve(command), command, context.reply());
                command.clear();
            }
            else
            {
                command.add(args.address(i), args.length(i));
            }
        }

        depth--;
    }

    private void value(final CommandContext context)
    {
        final ReplyCapture capture = captures[depth];
        final ArgVector command = inner[depth++];
        command.clear();
        for (int i = 1; i < context.argCount(); i++)
        {
            command.add(context.argAddress(i), context.argLength(i));
        }

        final ReplyWriter reply = capture.begin(2);
        executor.callWithin(context, context.session(), executor.resolve(command), command, reply);
        context.reply().bulk(capture.address(), capture.length());
        depth--;
    }

    private String run(final String line)
    {
        return harness.execute(executor, line);
    }

    private CommandSpec row(final String name)
    {
        return harness.table.find(name);
    }

    /** WAIT behind it waits for what was done, whatever became of the reply. */
    @Test
    void shouldCountWhatWasDoneBeforeAReplyThatIsTooLong()
    {
        harness.table.add("long", 1, CommandFlags.WRITE, Category.NONE, (context) ->
        {
            context.rewrite("FLUSHALL", 1);
            throw new ReplyTooLongException(1L << 40);
        });
        harness.table.add("timed", 1, 0, Category.NONE, (context) ->
        {
            final ReplyWriter reply = captures[0].begin(2);
            inner[0].clear();
            executor.callTimed(context, context.session(), row("long"), inner[0], reply);
            context.reply().ok();
        });
        assertEquals("+OK\r\n", run("TIMED"));
        assertEquals(harness.stream.endOffset(), harness.session.lastWriteOffset);
    }

    @Test
    void shouldPutWhatIsPropagatedIntoOneUnit()
    {
        final long before = harness.stream.endOffset();
        assertEquals("+OK\r\n+OK\r\n:1\r\n", run("ALL SET a 1 ; SET b 2 ; DEL a"));
        assertEquals("MULTI\nSELECT 0\nSET a 1\nSET b 2\nDEL a\nEXEC", harness.streamed());
        assertEquals(harness.stream.endOffset(), harness.session.lastWriteOffset);
        assertTrue(harness.stream.endOffset() > before);

        run("ALL GET b ; SET c 3");
        assertEquals("SET c 3", harness.streamed(), "one command needs no frame");
    }

    @Test
    void shouldBeOneUnitHoweverDeep()
    {
        run("ALL SET a 1 ; ALL SET b 2 ; VALUE ALL SET c 3");
        assertEquals("MULTI\nSELECT 0\nSET a 1\nSET b 2\nSET c 3\nEXEC", harness.streamed());
        assertEquals(harness.stream.endOffset(), harness.session.lastWriteOffset);
    }

    @Test
    void shouldLeaveTheOffsetAloneIfNothingWasPropagated()
    {
        run("ALL GET a ; GET b");
        assertEquals(0, harness.session.lastWriteOffset);
    }

    @Test
    void shouldKeepDeletionsOfExpiredKeysInTheUnit()
    {
        run("SET gone 1 PX 10");
        harness.nowMs += 100;
        harness.streamed();
        run("ALL SET a 1 ; SCAN 0 ; SET b 2");
        assertEquals("MULTI\nSET a 1\nDEL gone\nSET b 2\nEXEC", harness.streamed());

        run("SET gone 1 PX 10");
        run("SET lost 1 PX 10");
        harness.nowMs += 100;
        harness.streamed();
        run("SCAN 0");
        assertFalse(harness.streamed().contains("MULTI"), "by itself each deletion is a unit");
    }

    @Test
    void shouldCountAnErrorOnceAndNotAsTheOuterOnes()
    {
        run("SET a x");
        assertEquals("-ERR value is not an integer or out of range\r\n+OK\r\n", run("ALL INCR a ; SET b 1"));
        assertEquals(1, row("incr").failedCalls());
        assertEquals(0, row("all").failedCalls());
        assertEquals(1, row("all").calls());
        assertEquals(List.of("ERR value is not an integer or out of range"), notes.errors);
    }

    @Test
    void shouldCountTheOuterOnesOwnErrorBesideThoseWithin()
    {
        harness.table.add("both", -2, 0, Category.NONE, (context) ->
        {
            all(context);
            context.reply().error("ERR my own");
        });
        run("SET a x");
        run("BOTH INCR a");
        assertEquals(1, row("incr").failedCalls());
        assertEquals(1, row("both").failedCalls());
        assertEquals(List.of("ERR value is not an integer or out of range", "ERR my own"), notes.errors);
    }

    @Test
    void shouldCaptureReplies()
    {
        assertEquals("$5\r\n+OK\r\n\r\n", run("VALUE SET a 12"));
        assertEquals("$8\r\n$2\r\n12\r\n\r\n", run("VALUE GET a"));
        final String value = "v".repeat(100_000);
        run("SET long " + value);
        assertEquals(
            "$100011\r\n$100000\r\n" + value + "\r\n\r\n", run("VALUE GET long"), "grown, and taken back next time");
        assertEquals("$8\r\n$2\r\n12\r\n\r\n", run("VALUE GET a"));
    }

    @Test
    void shouldCaptureErrorsAsValues()
    {
        run("SET a x");
        final String text = "ERR value is not an integer or out of range";
        assertEquals("$" + (text.length() + 3) + "\r\n-" + text + "\r\n\r\n", run("VALUE INCR a"));
        assertTrue(captures[0].isError());
        assertEquals(0, row("value").failedCalls());
        assertEquals(1, row("incr").failedCalls());
        assertEquals(List.of(text), notes.errors);
    }

    @Test
    void shouldEndAtTheDeepest()
    {
        final String line = "ALL ".repeat(FrameStack.DEPTH_MAX - 1);
        assertEquals("$-1\r\n", run(line + "GET a"));
        assertEquals("-" + Replies.NESTED_TOO_DEEP + "\r\n", run("ALL " + line + "GET a"));
        assertEquals(1, row("get").rejectedCalls());
        assertEquals("$-1\r\n", run(line + "GET a"), "and goes on");
    }

    @Test
    void shouldRefuseWhatCannotBeNested()
    {
        assertEquals("+OK\r\n", run("ALONE"));
        assertEquals("-" + Replies.NOT_IN_MULTI + "\r\n$-1\r\n", run("ALL ALONE ; GET a"));
        assertEquals("-" + Replies.NOT_IN_MULTI + "\r\n$-1\r\n", run("ALL SOCKET ; GET a"));
        assertEquals(1, row("alone").rejectedCalls());
        assertEquals(1, row("alone").calls());
        assertEquals(":0\r\n", run("NESTED"));
        assertEquals(":1\r\n:1\r\n", run("ALL NESTED ; NESTED"));
        assertThrows(InvariantError.class, () -> run("ALL WAIT"), "a nested command cannot block");
    }

    @Test
    void shouldHaveOneTimeInAUnit()
    {
        assertEquals(":0\r\n:0\r\n:0\r\n", run("ALL TIME ; TIME ; TIME"));
    }

    @Test
    void shouldTellOfEachCommandTheOuterOneLast()
    {
        notes.isMonitored = true;
        harness.settings.slowlogMicros = 5_000;
        run("ALL TIME ; GET a");
        assertEquals(List.of("time", "get", "all"), notes.seen);
        assertEquals(List.of("time", "all"), notes.slow, "its own time, and that of all together");
    }

    @Test
    void shouldGoOnAfterAnExceptionUnlessAChangeMayBeHalfDone()
    {
        assertThrows(IllegalStateException.class, () -> run("ALL SET a 1 ; ALL SET b 2 ; THROW"));
        assertTrue(executor.abandon(new IllegalStateException()));
        depth = 0;
        assertEquals("MULTI\nSELECT 0\nSET a 1\nSET b 2\nEXEC", harness.streamed());
        assertEquals("$1\r\n1\r\n", run("ALL GET a"));

        assertThrows(IllegalStateException.class, () -> run("ALLWRITE ALL GET b ; THROW"));
        assertFalse(executor.abandon(new IllegalStateException()));
    }

    /** Of a transaction as of a command: what has been changed is in the stream, and the next unit is another. */
    @Test
    void shouldEndTheUnitIfTheReplyIsTooLong()
    {
        run("SADD s member:1 member:2 member:3 member:4 member:5");
        harness.drain();
        assertNull(harness.executeWithin(40, executor, "ALL SET a 1 ; SPOP s 4 ; SET b 2".split(" ")));
        depth = 0;
        final String[] streamed = harness.streamed().split("\n");
        assertEquals("MULTI", streamed[0]);
        assertEquals("SET a 1", streamed[1]);
        assertTrue(streamed[2].startsWith("SREM s member:"), streamed[2]);
        assertEquals("SET b 2", streamed[3]);
        assertEquals("EXEC", streamed[4]);

        // Of what was to come the rest is not run, as it asks for more than can be.
        final String line = "ALL SET a 3 ; SRANDMEMBER s -9000000000000000000 ; SET b 4";
        assertNull(harness.executeWithin(40, executor, line.split(" ")));
        depth = 0;
        assertEquals("SET a 3", harness.streamed());
        assertEquals("$1\r\n2\r\n", run("ALL GET b"));
        run("ALL SET b 5");
        assertEquals("SET b 5", harness.streamed());
    }

    @Test
    void shouldOnlyRunWithinTheCommandThatRuns()
    {
        final CommandContext[] kept = new CommandContext[1];
        harness.table.add("keep", 1, 0, Category.NONE, (context) -> kept[0] = context);
        harness.table.add("misuse", 1, 0, Category.NONE, (context) -> executor.callWithin(
            kept[0], context.session(), row("get"), context.args(), context.reply()));
        run("ALL KEEP");
        assertThrows(InvariantError.class, () -> run("MISUSE"));
    }

    @Test
    void shouldMakeNoGarbage()
    {
        harness.settings.notifyEvents = 0;
        harness.isRecording = false;
        final CommandHarness.Prepared line = harness.prepare("ALL SET a 1 ; GET a ; VALUE GET a".split(" "));
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 40 && least > RUNS / 2; round++)
        {
            final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < RUNS; i++)
            {
                line.run(executor);
            }

            least = Math.min(least, threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }

        assertTrue(least <= RUNS / 2, "bytes=" + least + " runs=" + RUNS);
    }

    /** What the observer is told. */
    private static final class Notes implements CommandObserver
    {
        private final List<String> seen = new ArrayList<>();
        private final List<String> slow = new ArrayList<>();
        private final List<String> errors = new ArrayList<>();
        private boolean isMonitored;

        @Override
        public boolean isMonitored()
        {
            return isMonitored;
        }

        @Override
        public void onCommand(final Session session, final CommandSpec spec, final ArgVector args)
        {
            seen.add(spec.name());
        }

        @Override
        public void onSlowCommand(
            final Session session, final CommandSpec spec, final ArgVector args, final long durationNs)
        {
            slow.add(spec.name());
        }

        @Override
        public void onError(final String text)
        {
            errors.add(text);
        }
    }

    /** Stands, but for what a command adds. */
    private static final class Ticks implements Clock
    {
        private long ns;

        @Override
        public long wallMs()
        {
            return CommandHarness.START_MS + ns / 1_000_000;
        }

        @Override
        public long wallMicros()
        {
            return 1000 * wallMs();
        }

        @Override
        public long monotonicNs()
        {
            return CommandHarness.START_MS * 1_000_000 + ns;
        }
    }
}
