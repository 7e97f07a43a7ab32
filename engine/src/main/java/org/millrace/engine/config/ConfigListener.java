package org.millrace.engine.config;

/** Told on the writer thread when CONFIG SET has changed an option it was registered for. */
@FunctionalInterface
public interface ConfigListener
{
    /**
     * Applies the new value, which {@code config} already holds. One CONFIG SET calls a listener once, even if it
     * listens to several of the options changed. If any listener refuses, all values are put back and the listeners
     * called so far are called again with the old ones.
     *
     * @return null when applied, else the reason in words for the client.
     */
    String onChange(Config config, ConfigOption option);
}
