package org.millrace.io.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.kit.tls.TestCertificates;

/** Two streams over channels that take and give pieces of any length. */
class TlsStreamTest
{
    private static final int FUZZ_ROUNDS = 60 * Integer.getInteger("millrace.fuzz.factor", 1);
    private static final int STEPS_MAX = 100_000;

    @TempDir
    static Path directory;

    private static TestCertificates certificates;
    private static final TlsSetup SETUP = new TlsSetup();

    private final long seed = Long.getLong("millrace.tls.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Pipe[] pipes = Pipe.pair(random);
    private TlsStream server;
    private TlsStream client;

    @BeforeAll
    static void readCertificates() throws Exception
    {
        certificates = TestCertificates.in(directory);
    }

    @AfterAll
    static void close()
    {
        SETUP.close();
    }

    private void configure(final String protocol) throws Exception
    {
        final Config config = Config.inMemory();
        final String[] options = certificates.serverOptions(1);
        for (int i = 2; i < options.length; i += 2)
        {
            config.load(ConfigOption.byName(options[i].substring(2)), List.of(options[i + 1]));
        }

        config.load(ConfigOption.TLS_PROTOCOLS, List.of(protocol));
        SETUP.configure(config, true);
        server = SETUP.accepting();
        client = SETUP.connecting();
    }

    private void shakeHands() throws IOException
    {
        TlsStream.Step one = TlsStream.Step.READ;
        TlsStream.Step other = TlsStream.Step.READ;
        for (int i = 0; TlsStream.Step.DONE != one || TlsStream.Step.DONE != other; i++)
        {
            assertTrue(i < STEPS_MAX, this::seed);
            one = TlsStream.Step.DONE == one ? one : server.shakeHands(pipes[0]);
            other = TlsStream.Step.DONE == other ? other : client.shakeHands(pipes[1]);
        }
    }

    private String seed()
    {
        return "-Dmillrace.tls.seed=" + seed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldCarryBytesBothWaysInPiecesOfAnyLength(final String protocol) throws Exception
    {
        configure(protocol);
        shakeHands();
        final Transfer down = new Transfer(server, client, pipes[0], pipes[1]);
        final Transfer up = new Transfer(client, server, pipes[1], pipes[0]);
        for (int i = 0; !down.isDone() || !up.isDone(); i++)
        {
            assertTrue(i < STEPS_MAX, this::seed);
            (random.nextBoolean() ? down : up).step();
        }

        assertArrayEquals(down.sent, down.received.toByteArray(), this::seed);
        assertArrayEquals(up.sent, up.received.toByteArray(), this::seed);
        assertFalse(server.hasReady());
    }

    /** Bytes in one direction. */
    private final class Transfer
    {
        private final byte[] sent = new byte[200_000];
        private final ByteBuffer source;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final TlsStream from;
        private final TlsStream to;
        private final Pipe fromPipe;
        private final Pipe toPipe;

        private Transfer(final TlsStream from, final TlsStream to, final Pipe fromPipe, final Pipe toPipe)
        {
            this.from = from;
            this.to = to;
            this.fromPipe = fromPipe;
            this.toPipe = toPipe;
            random.nextBytes(sent);
            source = ByteBuffer.allocateDirect(sent.length).put(sent).flip();
        }

        private boolean isDone()
        {
            return received.size() == sent.length;
        }

        private void step() throws IOException
        {
            // As who writes does: what was not taken comes again, and how much of it there is may change.
            final ByteBuffer piece = source.slice(
                source.position(), Math.min(source.remaining(), random.nextInt(120_000)));
            source.position(source.position() + from.write(fromPipe, piece));
            final ByteBuffer target = ByteBuffer
                .allocateDirect(1 + random.nextInt(random.nextBoolean() ? 100 : 60_000));
            final int count = to.read(toPipe, target);
            assertEquals(count, target.position());
            target.flip();
            while (target.hasRemaining())
            {
                received.write(target.get());
            }
        }
    }

    @Test
    void shouldTellOfInputThatNoSelectorSees() throws Exception
    {
        configure("TLSv1.3");
        shakeHands();
        while (client.write(pipes[1], ByteBuffer.wrap(new byte[100])) < 100)
        {
            Thread.onSpinWait();
        }

        final ByteBuffer small = ByteBuffer.allocate(10);
        int sum = 0;
        while (sum < 100)
        {
            final int count = server.read(pipes[0], small.clear());
            sum += count;
            assertEquals(count > 0 && sum < 100, server.hasReady(), this::seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldSayThatItEnds(final String protocol) throws Exception
    {
        configure(protocol);
        shakeHands();
        client.close(pipes[1]);
        int count = 0;
        for (int i = 0; i < STEPS_MAX && count >= 0; i++)
        {
            count = server.read(pipes[0], ByteBuffer.allocate(10));
        }

        assertEquals(-1, count, "although the channel is open: " + seed());
        assertFalse(server.hasReady());
    }

    @Test
    void shouldRefuseToShakeHandsAgain() throws Exception
    {
        configure("TLSv1.2");
        final SSLEngine engine = engine(client);
        shakeHands();
        engine.beginHandshake();
        final ByteBuffer hello = ByteBuffer.allocate(TlsScratch.RECORD_MAX);
        engine.wrap(ByteBuffer.allocate(0), hello);
        hello.flip();
        while (hello.hasRemaining())
        {
            pipes[1].write(hello);
        }

        final SSLException refusal = assertThrows(SSLException.class, () ->
        {
            for (int i = 0; i < STEPS_MAX; i++)
            {
                server.read(pipes[0], ByteBuffer.allocate(10));
            }
        });
        assertEquals("renegotiation is refused", refusal.getMessage());
    }

    private static SSLEngine engine(final TlsStream stream) throws ReflectiveOperationException
    {
        final java.lang.reflect.Field field = TlsStream.class.getDeclaredField("engine");
        field.setAccessible(true);
        return (SSLEngine)field.get(stream);
    }

    @Test
    void shouldSurviveAnyBytes() throws Exception
    {
        for (int round = 0; round < FUZZ_ROUNDS; round++)
        {
            configureOnce(round);
            pipes[0].incoming().position(0).limit(0);
            pipes[1].incoming().position(0).limit(0);
            final int harmAt = random.nextInt(14);
            try
            {
                runHarmed(harmAt);
            }
            catch (final IOException expected)
            {
                // Whatever came, that is how it ends.
                continue;
            }
        }
    }

    private void configureOnce(final int round) throws Exception
    {
        if (0 == round)
        {
            configure("TLSv1.2 TLSv1.3");
        }

        server = SETUP.accepting();
        client = SETUP.connecting();
    }

    private void runHarmed(final int harmAt) throws IOException
    {
        TlsStream.Step one = TlsStream.Step.READ;
        TlsStream.Step other = TlsStream.Step.READ;
        final ByteBuffer target = ByteBuffer.allocate(500);
        for (int i = 0; i < 60; i++)
        {
            if (i >= harmAt)
            {
                harm(pipes[0].incoming());
            }

            if (TlsStream.Step.DONE == one)
            {
                server.read(pipes[0], target.clear());
            }
            else
            {
                one = server.shakeHands(pipes[0]);
            }

            if (TlsStream.Step.DONE == other)
            {
                client.write(pipes[1], ByteBuffer.wrap(new byte[300]));
            }
            else
            {
                other = client.shakeHands(pipes[1]);
            }
        }
    }

    private void harm(final ByteBuffer bytes)
    {
        if (bytes.hasRemaining())
        {
            switch (random.nextInt(3))
            {
                case 0 -> bytes.put(bytes.position() + random.nextInt(bytes.remaining()), (byte)random.nextInt());
                case 1 -> bytes.limit(bytes.position() + random.nextInt(bytes.remaining()));
                default -> bytes.position(bytes.position() + random.nextInt(bytes.remaining()));
            }
        }
        else
        {
            final byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            bytes.compact().put(noise).flip();
        }
    }
}
