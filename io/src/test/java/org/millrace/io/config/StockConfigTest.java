package org.millrace.io.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigLine;
import org.millrace.engine.config.ConfigOption;
import org.millrace.io.file.HostFiles;

/** What files that people have say at start: nothing, or what matters. */
class StockConfigTest
{
    @TempDir
    private Path directory;

    /** Every option at its default, as the file that comes with Redis has most of them. */
    @Test
    void shouldSayNothingAboutAFileOfDefaults() throws Exception
    {
        final Config defaults = Config.inMemory();
        final StringBuilder text = new StringBuilder();
        for (final ConfigOption option : ConfigOption.values())
        {
            if (!option.isFileOnly() && ConfigOption.DIR != option && ConfigOption.REPLICAOF != option)
            {
                final String value = defaults.print(option);
                final boolean isOneWord = value.isEmpty() || !option.isMultiple();
                text.append(option.optionName()).append(' ').append(isOneWord ? ConfigLine.quote(value) : value);
                text.append('\n');
            }
        }

        assertEquals(List.of(), warnings(text.toString()));
    }

    @Test
    void shouldSayNothingAboutWhatTheStockFileChanges() throws Exception
    {
        assertEquals(List.of(), warnings("""
            bind 127.0.0.1 -::1
            protected-mode yes
            daemonize no
            pidfile redis_6379.pid
            # save 3600 1 300 100 60 10000
            dir ./
            repl-diskless-sync-delay 5
            latency-monitor-threshold 0
            list-compress-depth 0
            client-output-buffer-limit normal 0 0 0
            client-output-buffer-limit replica 256mb 64mb 60
            client-output-buffer-limit pubsub 32mb 8mb 60
            oom-score-adj-values 0 200 800
            jemalloc-bg-thread yes
            """));
    }

    @Test
    void shouldWarnOfWhatMattersInAFileOfProduction() throws Exception
    {
        assertEquals(List.of(ConfigOption.DAEMONIZE), warnings("""
            bind * -::*
            port 6379
            daemonize yes
            tcp-keepalive 60
            maxmemory 3gb
            maxmemory-policy noeviction
            maxmemory-samples 10
            appendonly no
            appendfsync everysec
            auto-aof-rewrite-percentage 60
            save 900 1
            save 300 10
            io-threads 4
            io-threads-do-reads yes
            hz 100
            dynamic-hz no
            activedefrag yes
            lazyfree-lazy-eviction yes
            lazyfree-lazy-expire yes
            lazyfree-lazy-server-del yes
            replica-lazy-flush yes
            repl-diskless-sync no
            repl-backlog-size 64mb
            min-replicas-to-write 1
            min-replicas-max-lag 10
            replica-announce-ip redis-0.redis.default.svc.cluster.local
            replica-announce-port 6379
            masterauth sekret
            requirepass sekret
            rename-command FLUSHALL ""
            tls-port 0
            tls-cert-file /tls/tls.crt
            aclfile ""
            rdbcompression yes
            tracking-table-max-keys 100000
            hash-max-ziplist-entries 512
            list-max-ziplist-size -2
            acl-pubsub-default allchannels
            cluster-enabled no
            cluster-node-timeout 5000
            lua-time-limit 5000
            user default on sanitize-payload >sekret ~* &* +@all
            """));
    }

    private List<ConfigOption> warnings(final String text) throws Exception
    {
        Files.writeString(directory.resolve("redis.conf"), text);
        final Config config = new Config(HostFiles::directory, HostFiles.text(directory.toRealPath()));
        ConfigFile.load(
            CommandLine.parse(new String[]{"redis.conf"}, directory),
            config,
            new ByteArrayInputStream("".getBytes(StandardCharsets.ISO_8859_1)));
        return config.withoutEffect();
    }
}
