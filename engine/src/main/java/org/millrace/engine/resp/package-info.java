/**
 * Bytes to arguments and replies to bytes, RESP2 and RESP3, without objects: {@link org.millrace.engine.resp.RespReader}
 * fills an {@link org.millrace.engine.resp.ArgVector} with places in the input, {@link
 * org.millrace.engine.resp.ReplyWriter} writes into an {@link org.millrace.engine.resp.OutBuffer}.
 * <p>
 * Knows no command. One reader a connection, one writer a thread; nothing here is shared between threads. Bad input is
 * a result with Redis's words for it, never an exception; the one exception, {@link
 * org.millrace.engine.resp.ReplyTooLongException}, ends a single client that lets replies pile up beyond 2 GiB.
 */
package org.millrace.engine.resp;
