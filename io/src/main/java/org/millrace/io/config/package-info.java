/**
 * The command line and redis.conf: how a {@link org.millrace.engine.config.Config} is filled before the node starts
 * and written back by CONFIG REWRITE.
 * <p>
 * {@link org.millrace.io.config.CommandLine} reads the arguments as redis-server does,
 * {@link org.millrace.io.config.ConfigFile} loads file, standard input and options in that order and is the
 * {@link org.millrace.engine.config.ConfigStore} of the node. {@link org.millrace.io.config.ConfigLine} has the
 * syntax of one line, ConfigRewriter the rules of a rewrite, both as functions over text.
 * <p>
 * The package knows no option by meaning: the table in engine does. Everything runs on the starting thread, but for
 * the rewrite, which the writer calls and which blocks for one small file. Text is bytes: one character of ISO-8859-1
 * each, turned into UTF-8 only to name a file.
 */
package org.millrace.io.config;
