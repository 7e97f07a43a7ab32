package org.millrace.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.resp.ReplyWriter;

class CommandDocsTest
{
    private static final String NAMES = "set get getex getdel getset setnx setex psetex mset mget msetnx append " +
        "strlen setrange getrange substr incr decr incrby decrby incrbyfloat lcs setbit getbit bitcount bitpos " +
        "bitop bitfield bitfield_ro pfadd pfcount pfmerge del unlink exists type keys scan randomkey rename " +
        "renamenx copy move swapdb touch expire pexpire expireat pexpireat ttl pttl expiretime pexpiretime persist " +
        "object|encoding object|freq object|idletime object|refcount dbsize flushdb flushall dump restore ping " +
        "echo hello auth select quit reset client|id client|info client|setname client|getname client|setinfo " +
        "client|list client|kill client|no-evict client|no-touch client|reply client|pause client|unpause " +
        "command|count command|info command|docs command|list command|getkeys config|get config|set " +
        "config|resetstat config|rewrite info time lastsave save bgsave shutdown multi exec discard watch unwatch " +
        "publish subscribe unsubscribe psubscribe punsubscribe pubsub|channels pubsub|numsub pubsub|numpat " +
        "spublish ssubscribe sunsubscribe slowlog|get slowlog|len slowlog|reset memory|usage monitor " +
        "latency|latest latency|history latency|reset debug psync sync replconf replicaof slaveof role wait";

    private final CommandDocs docs = CommandDocs.instance();
    private final CommandTable table = new CommandTable();
    private final OutBuffer out = new OutBuffer(1024);
    private final ReplyWriter writer = new ReplyWriter();

    @AfterEach
    void after()
    {
        out.close();
    }

    @Test
    void shouldDescribeEveryCommand()
    {
        for (final String name : NAMES.split(" "))
        {
            assertNotNull(docs.find(name), name);
        }

        assertTrue(docs.count() > 180, "commands described: " + docs.count());
    }

    @Test
    void shouldWriteInfoAsRedisDoes()
    {
        final CommandSpec get = table.add("get", 2, CommandFlags.READONLY | CommandFlags.FAST, Category.STRING,
            CommandKeys.one(KeyFlags.READ), null);
        writer.wrap(out, 3);
        docs.writeInfo(get, writer);
        assertReply(
            "*10 $3 get :2 ~2 +readonly +fast :1 :1 :1 ~3 +@read +@string +@fast ~0 ~1 %3 $5 flags ~2 +RO +access " +
                "$12 begin_search %2 $4 type $5 index $4 spec %1 $5 index :1 $9 find_keys %2 $4 type $5 range " +
                "$4 spec %3 $7 lastkey :0 $7 keystep :1 $5 limit :0 ~0");
    }

    @Test
    void shouldWriteInfoInTheOldProtocol()
    {
        final CommandSpec strlen = table.add("ping", -1, CommandFlags.FAST, Category.CONNECTION, null);
        writer.wrap(out, 2);
        docs.writeInfo(strlen, writer);
        assertReply(
            "*10 $4 ping :-1 *1 +fast :0 :0 :0 *2 +@fast +@connection *2 $25 request_policy:all_shards " +
                "$29 response_policy:all_succeeded *0 *0");
    }

    @Test
    void shouldWriteSubcommandsOfTheTableOnly()
    {
        final CommandSpec client = table.add("client", -2, 0, Category.NONE, null).sub(
            "id", 2, CommandFlags.NOSCRIPT | CommandFlags.LOADING | CommandFlags.STALE, Category.CONNECTION, null);
        writer.wrap(out, 3);
        docs.writeInfo(client, writer);
        assertReply(
            "*10 $6 client :-2 ~0 :0 :0 :0 ~1 +@slow ~0 ~0 *1 *10 $9 client|id :2 ~3 +noscript +loading +stale " +
                ":0 :0 :0 ~2 +@slow +@connection ~0 ~0 ~0");
    }

    @Test
    void shouldWriteDocsWithArguments()
    {
        final CommandSpec get = table.add("getset", 3, 0, Category.STRING, CommandKeys.one(KeyFlags.CHANGE), null);
        writer.wrap(out, 3);
        docs.writeDocs(get, writer);
        final String reply = reply();
        assertTrue(reply.startsWith("%8 $7 summary "), reply);
        assertTrue(
            reply.endsWith(
                "$9 doc_flags ~1 +deprecated $16 deprecated_since $5 6.2.0 $11 replaced_by $16 `SET` with `GET` " +
                    "$9 arguments *2 %3 $4 name $3 key $4 type $3 key $14 key_spec_index :0 " +
                    "%2 $4 name $5 value $4 type $6 string"),
            reply);
    }

    @Test
    void shouldFallBackToTheRowWhenNothingIsWritten()
    {
        final CommandSpec odd = table.add("oddity", -3, 0, Category.NONE,
            CommandKeys.of(KeySpec.range(1, -1, 2, KeyFlags.EDIT)), null);
        writer.wrap(out, 3);
        docs.writeInfo(odd, writer);
        docs.writeDocs(odd, writer);
        assertReply(
            "*10 $6 oddity :-3 ~0 :1 :-1 :2 ~1 +@slow ~0 ~1 %3 $5 flags ~2 +RW +update $12 begin_search %2 $4 type " +
                "$5 index $4 spec %1 $5 index :1 $9 find_keys %2 $4 type $5 range $4 spec %3 $7 lastkey :-1 " +
                "$7 keystep :2 $5 limit :0 ~0 %1 $5 group $6 server");
        assertEquals(null, odd.doc());
    }

    @Test
    void shouldAnswerCategoriesAndKeyFlags()
    {
        final CommandSpec set = table.add("set", -3, 0, Category.STRING,
            CommandKeys.one(KeyFlags.CHANGE | KeyFlags.VARIABLE).or(KeyRules::set), null);
        assertEquals(List.of("@string", "@slow"), Category.names(set.categories()));
        assertEquals("string 1.0.0", set.doc().group() + " " + set.doc().since());
        assertEquals("O(1)", set.doc().complexity());
    }

    private void assertReply(final String expected)
    {
        assertEquals(expected, reply());
    }

    private String reply()
    {
        final ByteBuffer content = out.content();
        final byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII).replace("\r\n", " ").trim();
    }
}
