package org.millrace.engine.transport;

/**
 * What one agent sees of its selector. Agents that share a thread share a reactor; then {@link #adopt} only changes
 * the handler. All methods but {@link #wakeup} are called on the reactor's own thread.
 */
public interface Reactor
{
    /**
     * Start a connect to {@code host:port}. The handler's {@code onConnected} is called later, also on failure (never
     * from inside this call). Host names are resolved off the thread.
     *
     * @param bindHost local address or empty.
     */
    Connection connect(String host, int port, String bindHost, ConnectionHandler handler);

    /** As {@link #connect}, with TLS on top: connected is who has shaken hands. A reactor may be without it. */
    default Connection connectTls(
        final String host, final int port, final String bindHost, final ConnectionHandler handler)
    {
        throw new UnsupportedOperationException("there is no TLS here: " + host + ", " + port);
    }

    /** Stop events of a connection on this reactor, so that another may adopt it. */
    void release(Connection connection);

    /** Take over a connection that its former reactor has released. */
    void adopt(Connection connection, ConnectionHandler handler);

    /** Make a blocked duty cycle run again; from any thread. */
    void wakeup();
}
