package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.Settings;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.ClockRules;
import org.millrace.engine.node.clients.PubSub;
import org.millrace.engine.replication.primary.PrimarySettings;
import org.millrace.engine.replication.replica.ReplicaSettings;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.value.Thresholds;

/** What is copied out of the configuration follows it: after any CONFIG SET all copies are as if made at that moment. */
class SettingsBindingTest
{
    /** For every option that can be set some of these are another value than the default. */
    private static final List<String> VALUES = List.of("5", "no", "yes", "2", "3", "20000", "2000000", "swapdb", "11",
        "panic",
        "10 10", "replica 1mb 1mb 7", "KEA", "word", "debug", "allkeys-lfu");

    /** One set of copies. */
    private static final class Copies
    {
        private final Settings settings = new Settings();
        private final RespLimits limits = new RespLimits();
        private final PrimarySettings primary = new PrimarySettings();
        private final ReplicaSettings replica = new ReplicaSettings();

        Copies(final Config config)
        {
            SettingsBinding.bind(config, settings, limits, new PubSub());
            ReplicationSettings.bind(config, primary, replica, () ->
            {
            });
        }

        Map<String, String> fields() throws IllegalAccessException
        {
            final Map<String, String> values = new TreeMap<>();
            for (final Object object : List.of(settings, settings.thresholds, settings.clock, limits, primary, replica))
            {
                for (final Field field : object.getClass().getDeclaredFields())
                {
                    if (!Modifier.isStatic(field.getModifiers()) && Thresholds.class != field.getType() &&
                        ClockRules.class != field.getType())
                    {
                        field.setAccessible(true);
                        values.put(
                            object.getClass().getSimpleName() + "." + field.getName(),
                            String.valueOf(field.get(object)));
                    }
                }
            }

            return values;
        }
    }

    @Test
    void shouldFollowEveryOptionThatCanBeSet() throws IllegalAccessException
    {
        int followed = 0;
        for (final ConfigOption option : ConfigOption.values())
        {
            final Config config = Config.inMemory();
            // Some are only copied where another one is on.
            set(config, ConfigOption.SAVE, "10 10");
            final Copies copies = new Copies(config);
            for (final String value : VALUES)
            {
                final Map<String, String> before = copies.fields();
                if (set(config, option, value))
                {
                    final Map<String, String> after = copies.fields();
                    assertEquals(new Copies(config).fields(), after, option.optionName() + " " + value);
                    followed += before.equals(after) ? 0 : 1;
                }
            }
        }

        assertTrue(followed > 40, "changes that were seen: " + followed);
    }

    private static boolean set(final Config config, final ConfigOption option, final String value)
    {
        return !option.isFileOnly() && null == config.set(List.of(option.optionName(), value), false, true);
    }
}
