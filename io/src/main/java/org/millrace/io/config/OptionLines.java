package org.millrace.io.config;

import java.util.EnumMap;
import java.util.Map;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigOption;

/** Which line has given each option its value: what a later check finds wrong is shown with it. */
final class OptionLines
{
    private final Map<ConfigOption, Place> places = new EnumMap<>(ConfigOption.class);
    private Place current;

    /** From here on options come from this line, counted from 1 in its file. */
    void next(final int number, final String line)
    {
        current = new Place(number, line);
    }

    void take(final ConfigOption option)
    {
        places.put(option, current);
    }

    /** The error for the console, with the line of the option that is to blame, if it is one. */
    ConfigFileException blame(final ConfigException ex)
    {
        final Place place = null == ex.option() ? null : places.get(ex.option());
        return null == place
            ? ConfigFileException.inGeneral(ex.getMessage())
            : ConfigFileException.atLine(place.number, place.line, ex.getMessage());
    }

    private record Place(int number, String line)
    {
    }
}
