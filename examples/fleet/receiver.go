package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// receiver takes the vendor's notices and hands them to the queue. Any number of receivers may run: the queue drops what
// two of them get.
func receiver(ctx context.Context, c config, out io.Writer, log *slog.Logger) error {
	q, err := dialQueue(ctx, c.nats, "receiver")
	if err != nil {
		return err
	}
	defer q.close()
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: notices(q, log), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute}
	fmt.Fprintf(out, "notices at http://%s/notices/jumio\n", listener.Addr())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// What has come in is still handed over and answered.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// notices answers 200 only when the queue has the notice. Until then the vendor keeps sending it.
func notices(q *queue, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/notices/jumio", kyc.Handler(jumio.Callbacks(), q.put, kyc.WithHandlerLogger(log)))
	return mux
}
