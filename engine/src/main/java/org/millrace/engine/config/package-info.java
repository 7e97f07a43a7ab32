/**
 * What can be configured and what it is set to.
 * <p>
 * {@link org.millrace.engine.config.ConfigOption} is the table of all directives, one row each: name, type, range,
 * who may change it, and whether Millrace acts upon it. {@link org.millrace.engine.config.Config} holds one node's
 * values; CONFIG GET and CONFIG SET are calls to it, and whoever must act on a change registers a
 * {@link org.millrace.engine.config.ConfigListener}. Options with a structure of their own are small immutable
 * classes: {@link org.millrace.engine.config.SavePoints}, {@link org.millrace.engine.config.OutputLimits}; the
 * numbers behind words are in {@link org.millrace.engine.config.ConfigChoice}.
 * <p>
 * The package knows neither files nor the syntax of redis.conf: io reads and writes them, through
 * {@link org.millrace.engine.config.ConfigStore} and {@link org.millrace.engine.config.DirectoryRules}. It does not
 * know what an option does either.
 * <p>
 * Filled before the node starts, used by the writer thread afterwards. To add an option add its row, then read it
 * where it matters. Read ConfigOption first, then Config; OptionValues has the parsing of each type.
 */
package org.millrace.engine.config;
