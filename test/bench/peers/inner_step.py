"""The same inner step in PyTorch: forward, loss + beta held-out loss + sum(lambda (phi - omega)^2) / 2, backward, Nesterov.

Says its version on stdout, {"version": text}, then answers each JSON object that it reads on stdin, one a line:

- {"open": name, "network", "inner", "train", "replay", "phi", "lambda"} opens a step (test/bench/peer-step.ts says what it holds), and is
  answered with the gradient at phi, so that both can be seen to take the same: {"gradient": base64 of float32};
- {"step": name, "steps": n, "threads": k} with {"milliseconds": per step};
- {"task": name, "free": n, "nudged": m, "beta": b, "threads": k} learns a task: n steps with beta = 0 from the phi that was given, m with beta and m with
  -beta from there, each with the momentum of the first n; answered with {"milliseconds": in all, "metaGradient": of omega, base64 of float32}.

Ends with stdin.
"""
import base64
import json
import sys
import time

import torch
from torch import nn


def numbers(text):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32)


def layer_of(layer, shape):
    """The module of a layer whose input has this shape."""
    kind = layer["kind"]
    if kind == "dense":
        return nn.Linear(layer["inputs"], layer["outputs"], bias=layer["bias"])
    if kind == "conv2d":
        at = dict(stride=layer["stride"], padding=layer["padding"], bias=layer["bias"])
        return nn.Conv2d(layer["inputs"], layer["outputs"], layer["kernel"], **at)
    if kind == "batch-norm":
        norm = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
        return norm(layer["features"], eps=layer["epsilon"], track_running_stats=False)
    if kind == "max-pool":
        return nn.MaxPool2d(layer["size"], layer["stride"])
    if kind == "average-pool":
        return nn.AvgPool2d(layer["size"], layer["stride"])
    return {"relu": nn.ReLU, "tanh": nn.Tanh, "flatten": nn.Flatten}[kind]()


class Step:
    def __init__(self, asked):
        network = asked["network"]
        shapes = network["shapes"]
        layers = [layer_of(layer, shape) for layer, shape in zip(network["layers"], shapes)]
        self.model = nn.Sequential(*layers)
        self.classes = network["loss"] == "cross-entropy"
        self.loss = nn.CrossEntropyLoss() if self.classes else nn.MSELoss()
        self.train = self.batch(asked["train"], shapes[0])
        self.replay = None if asked["replay"] is None else self.batch(asked["replay"], shapes[0])
        self.beta = asked["inner"]["beta"]
        self.phi = list(self.model.parameters())
        phi, at = numbers(asked["phi"]), 0
        with torch.no_grad():
            for p in self.phi:
                p.copy_(phi[at : at + p.numel()].view_as(p))
                at += p.numel()
        assert at == phi.numel()
        self.start = [p.detach().clone() for p in self.phi]
        self.omega = self.start if asked.get("anchored") else [torch.zeros_like(p) for p in self.phi]
        self.lam = [torch.full_like(p, asked["lambda"]) for p in self.phi]
        rule = dict(lr=asked["inner"]["rate"], momentum=asked["inner"]["momentum"], nesterov=True)
        self.optimizer = torch.optim.SGD(self.phi, **rule)

    def batch(self, batch, shape):
        x, y = numbers(batch["x"]).view(-1, *shape), numbers(batch["y"])
        return x, y.long() if self.classes else y.view(x.shape[0], -1)

    def of_data(self, batch):
        return self.loss(self.model(batch[0]), batch[1])

    def backward(self):
        self.optimizer.zero_grad()
        penalty = sum((l * (p - o) ** 2).sum() for l, p, o in zip(self.lam, self.phi, self.omega)) / 2
        total = self.of_data(self.train) + penalty
        if self.replay is not None and self.beta != 0:
            total = total + self.beta * self.of_data(self.replay)
        total.backward()

    def gradient(self):
        self.backward()
        values = torch.cat([p.grad.flatten() for p in self.phi])
        return base64.b64encode(values.numpy().tobytes()).decode()

    def step(self):
        self.backward()
        self.optimizer.step()

    def put(self, values):
        with torch.no_grad():
            for p, value in zip(self.phi, values):
                p.copy_(value)

    def phase(self, beta, steps):
        self.beta = beta
        for _ in range(steps):
            self.step()
        return [p.detach().clone() for p in self.phi]

    def task(self, free, nudged, beta):
        self.put(self.start)
        self.optimizer.state.clear()
        end = self.phase(0, free)
        kept = [self.optimizer.state[p]["momentum_buffer"].clone() for p in self.phi]
        with torch.no_grad():
            self.of_data(self.train), self.of_data(self.replay)
        ends = []
        for nudge in (beta, -beta):
            self.put(end)
            for p, buffer in zip(self.phi, kept):
                self.optimizer.state[p]["momentum_buffer"].copy_(buffer)
            ends.append(self.phase(nudge, nudged))
        contrast = [-l * (one - other) / (2 * beta) for l, one, other in zip(self.lam, *ends)]
        return torch.cat([value.flatten() for value in contrast])


def main():
    steps = {}
    print(json.dumps({"version": f"PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "open" in asked:
            steps.clear()  # one at a time, so that none lies in the memory of another
            step = steps[asked["open"]] = Step(asked)
            print(json.dumps({"gradient": step.gradient()}), flush=True)
            begin = time.perf_counter()
            while time.perf_counter() - begin < 0.5:
                step.step()
            continue
        torch.set_num_threads(asked["threads"])
        if "task" in asked:
            step = steps[asked["task"]]
            begin = time.perf_counter()
            gradient = step.task(asked["free"], asked["nudged"], asked["beta"])
            milliseconds = 1000 * (time.perf_counter() - begin)
            encoded = base64.b64encode(gradient.numpy().tobytes()).decode()
            print(json.dumps({"milliseconds": milliseconds, "metaGradient": encoded}), flush=True)
            continue
        step = steps[asked["step"]]
        for _ in range(asked["before"]):
            step.step()
        begin = time.perf_counter()
        for _ in range(asked["steps"]):
            step.step()
        seconds = time.perf_counter() - begin
        print(json.dumps({"milliseconds": 1000 * seconds / asked["steps"]}), flush=True)


main()
