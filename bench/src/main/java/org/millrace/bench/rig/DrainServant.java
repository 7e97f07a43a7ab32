package org.millrace.bench.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The process behind a {@link DrainFleet}: groups of draining replicas, opened, watched and closed by lines on
 * standard input.
 */
final class DrainServant
{
    private final Map<String, DrainRig> rigs = new HashMap<>();

    private DrainServant()
    {
    }

    /**
     * Entry point; ends with its input.
     */
    public static void main(final String[] arguments) throws IOException
    {
        final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final DrainServant servant = new DrainServant();
        for (String line = lines.readLine(); null != line; line = lines.readLine())
        {
            out.println(servant.answer(line.split(" ")));
        }

        System.exit(0);
    }

    private String answer(final String[] words)
    {
        try
        {
            switch (words[0])
            {
                case "open" :
                    rigs.put(
                        words[1],
                        DrainRig.open(
                            words[2],
                            Integer.parseInt(words[3]),
                            Integer.parseInt(words[4]),
                            Long.parseLong(words[5])));
                    return "ok";

                case "status" :
                    return DrainStatus.of(rigs.get(words[1])).toLine();

                case "close" :
                    rigs.remove(words[1]).close();
                    return "ok";

                default :
                    return "error unknown command " + words[0];
            }
        }
        catch (final IOException | RuntimeException ex)
        {
            return "error " + String.valueOf(ex.getMessage()).replace('\n', ' ');
        }
    }
}
