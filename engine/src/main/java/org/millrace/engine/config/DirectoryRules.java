package org.millrace.engine.config;

/** How {@code dir} is resolved; io asks the file system, a simulator knows its own directories. */
@FunctionalInterface
public interface DirectoryRules
{
    /**
     * Finds the directory that {@code requested} means when the working directory is {@code current}.
     *
     * @return an absolute path.
     * @throws ConfigException with the operating system's words if it cannot be entered.
     */
    String resolve(String current, String requested) throws ConfigException;
}
