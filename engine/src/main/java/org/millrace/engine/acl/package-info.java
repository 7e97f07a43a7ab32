/**
 * The access control list: users ({@link org.millrace.engine.acl.User}), what each may do ({@link
 * org.millrace.engine.acl.Selector}), the language in which that is said ({@link org.millrace.engine.acl.AclRules}), and
 * what was denied ({@link org.millrace.engine.acl.AclLog}). It knows commands and no sockets: {@link
 * org.millrace.engine.command.CommandGate} asks it through {@link org.millrace.engine.command.Rights}, and whoever has
 * connections hears of users who go or lose something ({@link org.millrace.engine.acl.UserListener}). Texts hold one byte
 * of the wire in each character. Writer thread, all of it.
 */
package org.millrace.engine.acl;
