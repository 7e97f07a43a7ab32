/**
 * Scripts and functions: what runs them, as an interface ({@link org.millrace.engine.script.ScriptMachine}, which whoever
 * makes a node gives it), and what the machine asks of the node while one runs ({@link
 * org.millrace.engine.script.ScriptHost}).
 * <p>
 * The machine knows a language and no command; the node knows commands and no language. Between them go arguments as
 * places in raw memory ({@link org.millrace.engine.resp.ArgVector}) and replies as they stand on the wire. Writer thread,
 * all of it.
 */
package org.millrace.engine.script;
