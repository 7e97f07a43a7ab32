/**
 * Redis's protocol from a client's side: commands encoded, replies read. Nothing here knows what kind of server answers.
 * <p>
 * Thread: a client belongs to the thread that uses it.
 * <p>
 * Read first: {@link org.millrace.kit.resp.RespClient}.
 */
package org.millrace.kit.resp;
