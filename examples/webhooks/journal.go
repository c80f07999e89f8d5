package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// journal keeps in a file which verifications are being followed, so that the next start goes on with them: a line of JSON
// for each one that opens or ends. The zero value keeps nothing. A file belongs to one process; programs that share the
// work have a queue instead.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

// entry is a line. A Ref holds no personal data.
type entry struct {
	Ref  kyc.Ref `json:"ref"`
	Open bool    `json:"open"`
}

// load reads what is open, and writes the file anew with no more than that.
func (j *journal) load(path string) (open []kyc.Ref, err error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for line := range bytes.Lines(data) {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			if !bytes.HasSuffix(line, []byte("\n")) {
				break // the program was killed while it wrote; nobody was told that this is kept
			}
			return nil, fmt.Errorf("%s is not a file of open verifications: %w", path, err)
		}
		open = slices.DeleteFunc(open, func(r kyc.Ref) bool { return r == e.Ref })
		if e.Open {
			open = append(open, e.Ref)
		}
	}
	if j.file, err = os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	for _, ref := range open {
		err = errors.Join(err, j.note(ref, true))
	}
	if err = errors.Join(err, j.file.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return nil, err
	}
	j.file, err = os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	return open, err
}

// note writes that a verification is followed from now on, or to its end.
func (j *journal) note(ref kyc.Ref, open bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	line, err := json.Marshal(entry{ref, open})
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
