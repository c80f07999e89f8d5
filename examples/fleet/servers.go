package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// errNoServer tells that the demo and the tests need a program that is not installed.
var errNoServer = errors.New("redis-server and nats-server are needed: apt-get install redis-server nats-server")

// child is a server that was started for the demo or a test, on a loopback port.
type child struct {
	addr  string
	cmd   *exec.Cmd
	ended chan struct{}
}

// kill ends the server at once and returns when it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.ended
}

func launch(binary string, args ...string) (*child, error) {
	path, err := exec.LookPath(binary)
	if err != nil {
		return nil, fmt.Errorf("%w (%s is not there)", errNoServer, binary)
	}
	c := &child{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

// await polls ready until it is true, the server has ended or twenty seconds are over.
func (c *child) await(ready func() bool) bool {
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	limit := time.After(20 * time.Second)
	for !ready() {
		select {
		case <-c.ended:
			return false
		case <-limit:
			return false
		case <-every.C:
		}
	}
	return true
}

// startRedis starts a Redis that keeps nothing on disk.
func startRedis(dir string) (*child, error) {
	// Another program may take the port between the look and the start; then another one is tried.
	for range 5 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		addr := l.Addr().String()
		_, port, _ := net.SplitHostPort(addr)
		_ = l.Close()
		c, err := launch("redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", dir)
		if err != nil {
			return nil, err
		}
		rdb := dialRedis(addr)
		up := c.await(func() bool { return rdb.Ping(context.Background()).Err() == nil })
		_ = rdb.Close()
		if up {
			c.addr = addr
			return c, nil
		}
		c.kill()
	}
	return nil, errors.New("redis-server does not start")
}

// startNATS starts a NATS with JetStream, which picks its own port and writes it into a file.
func startNATS(dir string) (*child, error) {
	c, err := launch("nats-server", "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", dir, "--ports_file_dir", dir)
	if err != nil {
		return nil, err
	}
	up := c.await(func() bool {
		files, _ := filepath.Glob(filepath.Join(dir, "*.ports"))
		if len(files) == 0 {
			return false
		}
		data, err := os.ReadFile(files[0])
		var ports struct {
			NATS []string `json:"nats"`
		}
		if err != nil || json.Unmarshal(data, &ports) != nil || len(ports.NATS) == 0 {
			return false
		}
		c.addr = ports.NATS[0]
		return true
	})
	if !up {
		c.kill()
		return nil, errors.New("nats-server does not start")
	}
	return c, nil
}
