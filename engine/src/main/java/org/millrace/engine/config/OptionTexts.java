package org.millrace.engine.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * What options are for, in words for people, read from the resource options.txt when first asked, so that no start pays
 * for it. Immutable, usable from any thread.
 *
 * @param doc     one sentence on what it does and what it costs.
 * @param refusal why no other value than the default is accepted, null if others are.
 */
record OptionTexts(String doc, String refusal)
{
    private static final String RESOURCE = "options.txt";
    private static final String OWN = "Millrace: ";

    /** Loaded when it is first used. */
    private static final class Holder
    {
        private static final Map<ConfigOption, OptionTexts> TEXTS = read();
    }

    static OptionTexts of(final ConfigOption option)
    {
        return Holder.TEXTS.get(option);
    }

    private static Map<ConfigOption, OptionTexts> read()
    {
        final Map<ConfigOption, OptionTexts> texts = new EnumMap<>(ConfigOption.class);
        try (BufferedReader lines = new BufferedReader(
            new InputStreamReader(OptionTexts.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8)))
        {
            ConfigOption option = null;
            for (String line = lines.readLine(); null != line; line = lines.readLine())
            {
                if (line.startsWith(" "))
                {
                    texts.put(option, new OptionTexts(texts.get(option).doc(), line.strip()));
                }
                else if (!line.startsWith("#"))
                {
                    final int colon = line.indexOf(':');
                    option = ConfigOption.byName(line.substring(0, colon));
                    final String doc = line.substring(colon + 1).strip();
                    texts.put(option, new OptionTexts(option.isOwn() ? OWN + doc : doc, null));
                }
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }

        return texts;
    }
}
