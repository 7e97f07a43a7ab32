package org.millrace.engine.config;

/** Where CONFIG REWRITE puts the configuration; io writes the file the server was started with. */
@FunctionalInterface
public interface ConfigStore
{
    /**
     * Writes the values of {@code config}. Called on the writer thread; blocks for one small file.
     *
     * @param isComplete also what has its default, and would go without saying.
     * @return null when written, else the error for the client, from {@code ERR} on.
     */
    String rewrite(Config config, boolean isComplete);
}
