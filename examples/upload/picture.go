package main

import (
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// generate writes a picture for each part that no flag names into a directory of its own, which remove deletes.
func (o order) generate() (remove func(), err error) {
	dir, err := os.MkdirTemp("", "kyc-upload-")
	if err != nil {
		return nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	for part, path := range o.pictures {
		if *path != "" {
			continue
		}
		*path = filepath.Join(dir, strings.ToLower(string(part))+".jpg")
		if err := writePicture(*path, uint64(len(part))); err != nil {
			remove()
			return nil, err
		}
	}
	return remove, nil
}

// writePicture makes a JPEG file of noise: it shows nothing, and is large enough for a bar to move.
func writePicture(path string, seed uint64) error {
	img := image.NewGray(image.Rect(0, 0, 1280, 800))
	noise := rand.New(rand.NewPCG(seed, 1))
	for i := range img.Pix {
		img.Pix[i] = uint8(noise.UintN(256))
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(f, img, &jpeg.Options{Quality: 90}); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
