package org.millrace.io.lua;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine beside its host: what goes in and out, what ends a run, and that the next one is not troubled. */
final class LuaMachineTest
{
    private static final String KILLED = "ERR Script killed by user with SCRIPT KILL.";

    private final ScriptRunner runner = new ScriptRunner();

    @AfterEach
    void close()
    {
        runner.close();
    }

    @Test
    void shouldCallACommandWithAKey()
    {
        runner.commands = (words) -> "$5\r\n" + String.join(" ", words).substring(0, 5) + "\r\n";

        assertEquals("$5\r\nget k\r\n", runner.eval(2, 1, "return redis.call('get', KEYS[1])", "k", "a"));
    }

    @Test
    void shouldGiveKeysAndArgumentsAsBytes()
    {
        assertEquals("*3\r\n$1\r\nk\r\n$3\r\n\377\0x\r\n:2\r\n",
            runner.eval(2, 1, "return {KEYS[1], ARGV[1], #ARGV}", "k", "\377\0x", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"while true do end", "repeat until false", "for i = 1, math.huge do end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return f() end f()",
        "coroutine.wrap(function() while true do end end)()",
        "while true do pcall(coroutine.wrap(function() while true do end end)) end",
        "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
        "while true do coroutine.create(function() end) end", "while true do xpcall(error, function() end) end",
        "for k in function() return 1 end do end",
        "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x",

        "string.find(string.rep('a', 200), string.rep('.-', 12)..'b')",
        "table.sort(setmetatable({1, 2, 3}, {}), function() while true do end end)",
        "string.gsub(string.rep('x', 10), 'x', function() while true do end end)"})
    void shouldEndWhenKilledWhateverTheScriptCatches(final String code)
    {
        final AtomicInteger ticks = new AtomicInteger();
        runner.watch = () -> ticks.incrementAndGet() < 3 ? null : KILLED;

        final String reply = runner.eval(code);

        assertTrue(reply.startsWith("-" + KILLED), reply);
        assertEquals(":1\r\n", runner.eval("return 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local function f(n) return 1 + f(n + 1) end return f(1)",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
        "return string.rep('x', 2 ^ 30) .. 'y'", "return string.rep('x', 1e9)",
        "local s = 'x' while true do s = s .. s end",
        "return table.concat(setmetatable({}, {}), 'x', 1, 1e9)",
        "return string.format('%99.99f', 1e300):rep(1e7)",
        "return (string.gsub(string.rep('x', 1e6), 'x', string.rep('y', 1e5)))",
        "return loadstring(string.rep('(', 1e5))()", "return loadstring('return ' .. string.rep('- ', 1e5) .. '1')()",
        "local function f() return coroutine.wrap(f)() end return f()",
        "local function f() return 1 + coroutine.wrap(function() return 1 + f() end)() end return f()",
        "local function f(n) return 1 + f(n) end return coroutine.wrap(f)(1)",
        "local function f() return pcall(f) end return f() and f.x"})
    void shouldFailAndNotTheNode(final String code)
    {
        final String reply = runner.eval(code);

        assertTrue(reply.startsWith("-ERR "), reply.substring(0, Math.min(200, reply.length())));
        assertEquals("$2\r\nok\r\n", runner.eval("return 'ok'"));
    }

    /** The long way: millions of small things. */
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "millrace.nightly", matches = "true")
    @ValueSource(strings = {"local t = {} for i = 1, 1e9 do t['x' .. i] = i end",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local t = {} while true do t = {t, string.rep('x', 1000)} end",
        "local t = {} for i = 1, 1000 do t[i] = string.rep('x', 1e6) end return table.concat(t)"})
    void shouldFailBeforeTheHeapIsFull(final String code)
    {
        shouldFailAndNotTheNode(code);
    }

    /** Whatever it catches: a script that holds what there is of memory does not go on, and leaves nothing behind. */
    @ParameterizedTest
    @ValueSource(strings = {
        "local s = ('x'):rep(200000) local t = {} for i = 1, 1e5 do pcall(function() t[#t + 1] = s .. i end) end",
        "local s = ('x'):rep(200000) local t = {} pcall(function() for i = 1, 1e5 do t[i] = s .. i end end) " +
            "while true do pcall(function() while true do end end) end"})
    void shouldEndAScriptThatHoldsTheHeap(final String code)
    {
        final AtomicInteger ticks = new AtomicInteger();
        runner.watch = () -> ticks.incrementAndGet() < 100_000 ? null : "ERR never ended";
        final String reply = runner.eval(code);
        assertTrue(reply.startsWith("-ERR not enough memory"), reply.substring(0, Math.min(200, reply.length())));
        shouldHoldLittle();
    }

    private static void shouldHoldLittle()
    {
        System.gc();
        final Runtime runtime = Runtime.getRuntime();
        final long used = runtime.totalMemory() - runtime.freeMemory();
        assertTrue(used < runtime.maxMemory() / 3, used + " bytes of heap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error({err = 'ERR x', held = ('x'):rep(1.5e8)})",
        "local t = ('x'):rep(1.5e8) error('ERR x')"})
    void shouldHoldNothingOfAScriptThatHasEnded(final String code)
    {
        System.gc();
        final Runtime runtime = Runtime.getRuntime();
        final long before = runtime.totalMemory() - runtime.freeMemory();
        assertTrue(runner.eval(code).startsWith("-ERR"));
        System.gc();
        final long more = runtime.totalMemory() - runtime.freeMemory() - before;
        assertTrue(more < 50_000_000, more + " bytes of heap");
    }

    @Test
    void shouldReplyWithAnErrorIfTablesHoldOthersTooOften()
    {
        assertEquals("-ERR too many values in a reply\r\n",
            runner.eval("local t = {1} for i = 1, 60 do t = {t, t} end return t"));
        assertEquals(":1\r\n", runner.eval("return 1"));
    }

    @Test
    void shouldCatchAStackOverflow()
    {
        assertEquals("*2\r\n$-1\r\n:1\r\n", runner.eval(
            "local function f() return 1 + f() end local ok, e = pcall(f) return {ok, e:find('stack overflow') and 1}"));
    }

    /** The node, asked from the depths of a recursion whether to go on, may serve others, and needs stack for it. */
    @Test
    void shouldAskTheNodeOnlyWhereItHasStack() throws Exception
    {
        final Throwable[] thrown = new Throwable[1];
        runner.watch = () ->
        {
            runner.name = Integer.toString(deep(600));
            return null;
        };
        final Thread thread = new Thread(null, () -> runner.eval(
            "local function f(n) if n == 0 then for i = 1, 10001 do end return 0 end return 1 + f(n - 1) end " +
                "for n = 0, 20000, 50 do if not pcall(f, n) then return n end end"),
            "shallow", 1 << 20);
        thread.setUncaughtExceptionHandler((t, e) -> thrown[0] = e);
        thread.start();
        thread.join();
        assertNull(thrown[0]);
        assertEquals("1200", runner.name);
    }

    private static int deep(final int calls)
    {
        return 0 == calls ? 0 : 2 + deep(calls - 1);
    }

    @Test
    void shouldPassOnWhatTheNodeThrows()
    {
        final IllegalStateException thrown = new IllegalStateException("of the node");
        runner.commands = (words) ->
        {
            throw thrown;
        };

        assertSame(thrown,
            assertThrows(IllegalStateException.class, () -> runner.eval("return pcall(redis.call, 'get', 'x')")));
        assertEquals(":1\r\n", runner.eval("return 1"));
    }

    @Test
    void shouldTellWhetherAnErrorWasCounted()
    {
        runner.commands = (words) -> "-WRONGTYPE no\r\n";

        assertEquals("-WRONGTYPE no script: sha, on @user_script:1.\r\n", runner.eval("return redis.call('x')"));
        assertTrue(runner.wasCounted);
        assertEquals("-WRONGTYPE no\r\n", runner.eval("return redis.pcall('x')"));
        assertTrue(runner.wasCounted);
        assertEquals("-ERR x\r\n", runner.eval("return redis.error_reply('ERR x')"));
        assertEquals(false, runner.wasCounted);
    }

    @Test
    void shouldWriteArgumentsAsRedisDoes()
    {
        runner.commands = (words) -> "$" + String.join(",", words).length() + "\r\n" + String.join(",", words) + "\r\n";

        assertEquals("$55\r\nx,1,-1,0,0,1e+20,0.1,4503599627370496,1e-7,inf,-inf,3.5\r\n",
            runner.eval("return redis.call('x', 1, -1, 0, -0, 1e20, 0.1, 2^52, 1e-7, 1/0, -1/0, 3.5)"));
    }

    @Test
    void shouldConvertReplies()
    {
        runner.commands = (words) -> "%1\r\n$1\r\nk\r\n,1.5\r\n";
        assertEquals("*3\r\n$1\r\nk\r\n$3\r\n1.5\r\n:1\r\n", runner.eval(
            "redis.setresp(3) local m = redis.call('x') return {next(m.map), tostring(m.map.k.double), 1}"
                .replace("next(m.map)", "(next(m.map))")));
        runner.commands = (words) -> "~2\r\n:1\r\n$1\r\nb\r\n";
        assertEquals("~1\r\n$1\r\nx\r\n", runner.eval(3, 0, "return {set = {x = true}}"));
        assertEquals("*2\r\n:1\r\n:1\r\n", runner.eval("local s = redis.call('x') return {s.set[1], s.set.b}"));
        runner.commands = (words) -> "|1\r\n+a\r\n+b\r\n*5\r\n_\r\n#t\r\n#f\r\n(123\r\n=7\r\ntxt:abc\r\n";
        assertEquals("*4\r\n:0\r\n:1\r\n$3\r\n123\r\n$6\r\ntxtabc\r\n", runner.eval(
            "local r = redis.call('x') return {r[1] == nil and 0, r[2] and not r[3] and 1, r[4].big_number, " +
                "r[5].verbatim_string.format .. r[5].verbatim_string.string}"));
        runner.commands = (words) -> "*-1\r\n";
        assertEquals("$-1\r\n", runner.eval("return redis.call('x')"));
    }

    @Test
    void shouldReplyInTheProtocolOfTheClient()
    {
        assertEquals("_\r\n", runner.eval(3, 0, "return nil"));
        assertEquals(":1\r\n", runner.eval(3, 0, "return true"));
        assertEquals("#t\r\n", runner.eval(3, 0, "redis.setresp(3) return true"));
        assertEquals("%1\r\n$1\r\na\r\n,1.5\r\n", runner.eval(3, 0, "return {map = {a = {double = 1.5}}}"));
        assertEquals("*2\r\n$1\r\na\r\n$3\r\n1.5\r\n", runner.eval(2, 0, "return {map = {a = {double = 1.5}}}"));
        assertEquals("(12\r\n", runner.eval(3, 0, "return {big_number = '12'}"));
        assertEquals("=7\r\nmkd:abc\r\n",
            runner.eval(3, 0, "return {verbatim_string = {format = 'mkd', string = 'abc'}}"));
    }

    @Test
    void shouldReplyWithAnErrorWhereATableHoldsItself()
    {
        final String reply = runner.eval("local t = {} t[1] = t return t");

        assertTrue(reply.contains("-ERR reached lua stack limit\r\n"),
            reply.substring(0, Math.min(100, reply.length())));
    }

    @Test
    void shouldLogAndSetReplication()
    {
        runner.eval("redis.log(redis.LOG_WARNING, 'a', 1, 'b') redis.set_repl(redis.REPL_AOF)");

        assertEquals(List.of("3 a 1 b"), runner.logged);
        assertEquals(List.of(1), runner.replicated);
    }

    @Test
    void shouldKeepWorldsApartAndNothingBetweenRuns()
    {
        assertEquals("-ERR user_script:1: Attempt to modify a readonly table script: sha, on @user_script:1.\r\n",
            runner.eval("x = 1"));
        assertEquals("$-1\r\n", runner.eval("KEYS[1] = 'x' return nil"));
        assertEquals("*0\r\n", runner.eval("return KEYS"));
    }

    @Test
    void shouldLoadALibraryAndRunItsFunctions() throws Exception
    {
        assertNull(runner.load("#!lua name=x\nlocal n = 0 redis.register_function('f', function(k, a) n = n + 1 " +
            "return {n, k[1], a[1]} end) redis.register_function{function_name = 'g', callback = function() " +
            "return redis.call('ping') end, flags = {'no-writes', 'allow-stale'}, description = 'd'}"));

        assertEquals("*3\r\n:1\r\n$1\r\nk\r\n$1\r\na\r\n", runner.run(runner.functions.get("f"), 2, 1, "k", "a"));
        assertEquals("*1\r\n:2\r\n", runner.run(runner.functions.get("f"), 2, 0));
        assertEquals("+ping\r\n", runner.run(runner.functions.get("g"), 2, 0));
        assertEquals(5, runner.flags.get("g"));
        assertEquals("d", runner.descriptions.get("g"));
    }

    @Test
    void shouldTakeNumbersForStringsWhereALibraryIsRegistered()
    {
        assertNull(runner.load("#!lua name=x\nredis.register_function(1, function() return 1 end) " +
            "redis.register_function{function_name = 2.5, callback = function() return 2 end, description = 3}"));

        assertEquals(":1\r\n", runner.run(runner.functions.get("1"), 2, 0));
        assertEquals(":2\r\n", runner.run(runner.functions.get("2.5"), 2, 0));
        assertEquals("3", runner.descriptions.get("2.5"));
        assertEquals("Error registering functions: ERR unknown argument given to redis.register_function",
            runner.load("#!lua name=x\nredis.register_function{[1] = 'a'}"));
    }

    /** A coroutine that nobody goes on with holds nothing but heap, and only until the run ends. */
    @Test
    void shouldForgetCoroutinesThatAreNotGoneOnWith()
    {
        final String many = "for i = 1, 100000 do local co = coroutine.wrap(function() " +
            "for k in pairs({1, 2}) do coroutine.yield(k) end end) co() end return 'done'";

        assertEquals("$4\r\ndone\r\n", runner.eval(many));
        assertEquals(":1\r\n", runner.eval("return 1"));
    }

    @Test
    void shouldSayWhatIsWrongWithALibrary()
    {
        assertEquals("Error compiling function: user_function:2: unexpected symbol near 'x'",
            runner.load("#!lua name=x\nreturn = x").replace("'='", "'x'"));
        assertEquals(
            "Error registering functions: ERR user_function:2: Script attempted to access nonexistent global " +
                "variable 'call'",
            runner.load("#!lua name=x\nredis.call('ping')"));
        assertEquals("Error registering functions: ERR Function already exists in the library", runner.load(
            "#!lua name=x\nlocal f = redis.register_function f('a', function() end) f('a', function() end)"
                .replace("function() end)", "f)")));
        runner.watch = () -> "ERR FUNCTION LOAD timeout";
        assertEquals("Error registering functions: ERR FUNCTION LOAD timeout",
            runner.load("#!lua name=x\nwhile true do end"));
    }

    @Test
    void shouldCompileBehindALineThatIsNotLua() throws Exception
    {
        final byte[] code = "#!lua flags=x\nerror('x')".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

        assertEquals("-ERR user_script:2: x script: sha, on @user_script:2.\r\n",
            runner.run(runner.machine.compile(code, 13), 2, 0));
    }
}
