/**
 * The libraries that a script finds: those of Lua 5.1 that Redis lets it have, and JSON, MessagePack, structs and bits as
 * Redis adds them. Each class makes one table of functions.
 */
package org.millrace.io.lua.lib;
