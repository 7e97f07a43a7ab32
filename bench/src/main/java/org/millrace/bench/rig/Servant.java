package org.millrace.bench.rig;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small JVM of the bench's own beside the load generator: takes lines on its standard input, answers each with one
 * line, and ends when its input ends, so that it never outlives whoever started it. Not thread-safe but for
 * {@link #ask}.
 */
final class Servant implements AutoCloseable
{
    private static final long STOP_TIMEOUT_MS = 5_000;
    private static final String ERROR = "error ";

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private Servant(final Process process)
    {
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts the JVM that runs this one, with the same class path.
     *
     * @param main class whose main method reads the lines.
     */
    static Servant start(final Class<?> main, final String... arguments) throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms64m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new Servant(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /**
     * Sends one line and returns the answer.
     *
     * @throws IOException if the answer is an error, or the process is gone.
     */
    synchronized String ask(final String question) throws IOException
    {
        questions.write(question);
        questions.newLine();
        questions.flush();
        return answer();
    }

    /**
     * Waits for one line without asking.
     */
    synchronized String answer() throws IOException
    {
        final String answer = answers.readLine();
        if (null == answer)
        {
            throw new IOException("a process of the bench's own ended early");
        }

        if (answer.startsWith(ERROR))
        {
            throw new IOException(answer.substring(ERROR.length()));
        }

        return answer;
    }

    /** Process id. */
    long pid()
    {
        return process.pid();
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        try
        {
            questions.close();
            if (process.waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS))
            {
                return;
            }
        }
        catch (final IOException ignored)
        {
            // It is gone already or going.
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }

        process.destroyForcibly();
    }
}
